/*
 * A PKCS#11 library with one token, for what SoftHSM2 does not do: lock a PIN, ask for a PIN change, hang, crash, leak.
 * What it does wrong is said at compile time: INIT_FAILS, INIT_HANGS, LIST_HANGS_AT=n, LIST_CRASHES_AT=n, WAIT_HANGS,
 * SIGN_CRASHES, SIGN_HANGS, LEAK_MIB=n, EXPIRED. STATE is a directory: `certificate.der`, `pin`, `tries`, and `absent`
 * where the token is out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pkcs11.h"

static int lists, logged_in, searches, mechanism;
static unsigned char certificate[8192];
static size_t certificate_length;

static void hang(void) { for (;;) sleep(1000); }
static void crash(void) { *(volatile int *)8 = 1; }

static size_t load(const char *name, void *into, size_t room)
{
  FILE *file = fopen(name, "rb");
  if (!file) return 0;
  size_t length = fread(into, 1, room, file);
  fclose(file);
  return length;
}
static void save(const char *name, const void *from, size_t length)
{
  FILE *file = fopen(name, "wb");
  fwrite(from, 1, length, file);
  fclose(file);
}
static int tries(void)
{
  char text[16] = {0};
  return load(STATE "/tries", text, 15) ? atoi(text) : 3;
}
static void set_tries(int left)
{
  char text[16];
  save(STATE "/tries", text, (size_t)snprintf(text, sizeof text, "%d", left));
}
static int present(void) { return access(STATE "/absent", F_OK) != 0; }

static CK_RV unsupported(void) { return CKR_FUNCTION_NOT_SUPPORTED; }
static CK_RV ok(void) { return CKR_OK; }

static CK_RV initialize(CK_VOID_PTR arguments)
{
#ifdef INIT_HANGS
  hang();
#endif
#ifdef INIT_FAILS
  return CKR_GENERAL_ERROR;
#endif
  certificate_length = load(STATE "/certificate.der", certificate, sizeof certificate);
  return CKR_OK;
}

static CK_RV get_slot_list(CK_BBOOL with_token, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
  if (!slots) {
    lists++;
#ifdef LIST_HANGS_AT
    if (lists >= LIST_HANGS_AT) hang();
#endif
#ifdef LIST_CRASHES_AT
    if (lists >= LIST_CRASHES_AT) crash();
#endif
#ifdef LEAK_MIB
    memset(malloc((size_t)LEAK_MIB << 20), lists, (size_t)LEAK_MIB << 20);
#endif
  } else slots[0] = 7;
  *count = present() ? 1 : 0;
  return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
{
  if (!present()) return CKR_TOKEN_NOT_PRESENT;
  memset(info, ' ', sizeof *info);
  memcpy(info->label, LABEL, strlen(LABEL));
  memcpy(info->manufacturerID, "Fake", 4);
  memcpy(info->serialNumber, "1", 1);
  info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
  if (tries() == 2) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (tries() == 1) info->flags |= CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW;
  if (tries() == 0) info->flags |= CKF_USER_PIN_LOCKED;
  info->ulMinPinLen = 6;
  info->ulMaxPinLen = 8;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR data, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session)
{
  static CK_SESSION_HANDLE last;
  *session = ++last;
  return present() ? CKR_OK : CKR_TOKEN_NOT_PRESENT;
}
static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info)
{
  memset(info, 0, sizeof *info);
  return present() ? CKR_OK : CKR_DEVICE_REMOVED;
}

static CK_RV check_pin(CK_UTF8CHAR_PTR pin, CK_ULONG length)
{
  char right[16] = {0};
  if (!load(STATE "/pin", right, 15)) strcpy(right, "123456");
  if (tries() == 0) return CKR_PIN_LOCKED;
  if (length == strlen(right) && memcmp(pin, right, length) == 0) {
    set_tries(3);
    return CKR_OK;
  }
  set_tries(tries() - 1);
  return tries() == 0 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length)
{
  CK_RV rv = check_pin(pin, length);
#ifdef EXPIRED
  if (rv == CKR_OK && access(STATE "/pin", F_OK) != 0) return CKR_PIN_EXPIRED;
#endif
  logged_in = rv == CKR_OK;
  return rv;
}
static CK_RV logout(CK_SESSION_HANDLE session) { logged_in = 0; return CKR_OK; }
static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG old_length, CK_UTF8CHAR_PTR pin, CK_ULONG length)
{
  if (length < 6 || length > 8) return CKR_PIN_LEN_RANGE;
  for (CK_ULONG i = 0; i < length; i++) if (pin[i] < '0' || pin[i] > '9') return CKR_PIN_INVALID;
  CK_RV rv = check_pin(old, old_length);
  if (rv == CKR_OK) save(STATE "/pin", pin, length);
  return rv;
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count)
{
  searches = 1;
  return CKR_OK;
}
static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most, CK_ULONG_PTR count)
{
  objects[0] = 1;
  *count = searches && (logged_in || certificate_length) ? 1 : 0;
  searches = 0;
  return CKR_OK;
}
static CK_RV get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template, CK_ULONG count)
{
  static unsigned char id[1] = {1};
  for (CK_ULONG i = 0; i < count; i++) {
    const int value = template[i].type == CKA_VALUE;
    if (!value && template[i].type != CKA_ID) return CKR_ATTRIBUTE_TYPE_INVALID;
    template[i].ulValueLen = value ? certificate_length : 1;
    if (template[i].pValue) memcpy(template[i].pValue, value ? certificate : id, template[i].ulValueLen);
  }
  return CKR_OK;
}

static CK_RV wait_for_slot(CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved)
{
#ifdef WAIT_HANGS
  hang();
#endif
  return CKR_NO_EVENT;
}
static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR room)
{
#ifdef SIGN_CRASHES
  crash();
#endif
#ifdef SIGN_HANGS
  hang();
#endif
  memset(signature, 1, 64); /* of the right length, and wrong */
  *room = 64;
  return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
  static CK_FUNCTION_LIST functions;
  for (CK_RV (**function)(void) = (void *)&functions.C_Initialize; (void *)function < (void *)(&functions + 1); function++)
    *function = unsupported;
  functions.C_Initialize = initialize;
  functions.C_Finalize = (CK_C_Finalize)ok;
  functions.C_GetSlotList = get_slot_list;
  functions.C_GetTokenInfo = get_token_info;
  functions.C_OpenSession = open_session;
  functions.C_CloseSession = (CK_C_CloseSession)ok;
  functions.C_GetSessionInfo = get_session_info;
  functions.C_Login = login;
  functions.C_Logout = logout;
  functions.C_SetPIN = set_pin;
  functions.C_FindObjectsInit = find_init;
  functions.C_FindObjects = find;
  functions.C_FindObjectsFinal = (CK_C_FindObjectsFinal)ok;
  functions.C_GetAttributeValue = get_attributes;
  functions.C_WaitForSlotEvent = wait_for_slot;
  functions.C_SignInit = (CK_C_SignInit)ok;
  functions.C_Sign = sign;
  *list = &functions;
  return CKR_OK;
}
