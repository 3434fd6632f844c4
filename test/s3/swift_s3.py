"""OpenStack Swift with its S3 API, all servers in one process on loopback.

usage: swift_s3.py DIRECTORY PORT ACCESS_KEY SECRET_KEY   (prints "ready" once it listens)
"""
import os
import sys

directory, port, access, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]

import eventlet
import eventlet.wsgi

eventlet.monkey_patch()

from swift.common import utils

utils.HASH_PATH_SUFFIX = b"vigil"
utils.HASH_PATH_PREFIX = b"vigil"
utils.validate_hash_conf = lambda: None

from swift.common import storage_policy
from swift.common.ring import RingBuilder

storage_policy._POLICIES = storage_policy.StoragePolicyCollection(
    [storage_policy.StoragePolicy(0, "one", is_default=True)]
)

devices = os.path.join(directory, "devices")
os.makedirs(os.path.join(devices, "disk"), exist_ok=True)
sockets = {name: eventlet.listen(("127.0.0.1", 0)) for name in ("account", "container", "object")}
for name, socket in sockets.items():
    ring = RingBuilder(4, 1, 0)
    where = {"ip": "127.0.0.1", "port": socket.getsockname()[1]}
    ring.add_dev({"id": 0, "region": 0, "zone": 0, "weight": 1.0, "device": "disk", **where})
    ring.rebalance()
    ring.get_ring().save(os.path.join(directory, f"{name}.ring.gz"))

from swift.account.server import app_factory as account
from swift.common.middleware import catch_errors, listing_formats, slo, tempauth
from swift.common.middleware.s3api import s3api
from swift.container.server import app_factory as container
from swift.obj.server import app_factory as objects
from swift.proxy.server import app_factory as proxy

storage = {"devices": devices, "mount_check": "false", "swift_dir": directory, "log_level": "ERROR"}
pool = eventlet.GreenPool(1000)


class Quiet:
    def write(self, text):
        pass

    def info(self, *args):
        pass

    debug = error = warning = info


def serve(socket, app):
    eventlet.spawn_n(eventlet.wsgi.server, socket, app, log=Quiet(), custom_pool=pool)


serve(sockets["account"], account(dict(storage)))
serve(sockets["container"], container(dict(storage)))
serve(sockets["object"], objects(dict(storage)))

account_name, user_name = access.split(":")
common = {"swift_dir": directory, "log_level": "ERROR"}
conf_file = os.path.join(directory, "proxy.conf")
open(conf_file, "w").close()
app = proxy({**common, "__name__": "proxy-server", "__file__": conf_file, "account_autocreate": "true", "allow_account_management": "true"})
app = slo.filter_factory(common)(app)
app = tempauth.filter_factory(common, **{f"user_{account_name}_{user_name}": f"{secret} .admin"})(app)
app = s3api.filter_factory(common, s3_acl="false", location="us-east-1")(app)
app = listing_formats.filter_factory(common)(app)
app = catch_errors.filter_factory(common)(app)


class Cache:
    """What memcached would keep, in this process."""

    def __init__(self):
        self.kept = {}

    def get(self, key, **_):
        return self.kept.get(key)

    def set(self, key, value, **_):
        self.kept[key] = value

    def delete(self, key, **_):
        self.kept.pop(key, None)

    def incr(self, key, delta=1, **_):
        self.kept[key] = int(self.kept.get(key, 0)) + delta
        return self.kept[key]

    def get_multi(self, keys, *_, **__):
        return [self.kept.get(key) for key in keys]

    def set_multi(self, mapping, *_, **__):
        self.kept.update(mapping)


cache = Cache()


# What S3 answers where an object is locked; Swift knows no locks. What lies below "locked-…" is not to be removed.
refusal = b"<Error><Code>AccessDenied</Code><Message>locked</Message></Error>"


def is_locked(environ):
    method = environ["REQUEST_METHOD"]
    return "/locked-" in environ["PATH_INFO"] and method == "DELETE"


def with_cache(environ, start_response):
    if is_locked(environ):
        start_response("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(refusal)))])
        return [refusal]
    environ["swift.cache"] = cache
    return app(environ, start_response)


serve(eventlet.listen(("127.0.0.1", port)), with_cache)
print("ready", flush=True)
while True:
    eventlet.sleep(3600)
