/**
 * What guessers try first, written by us: words of password lists and of Chinese hospitals, in lower case Latin letters
 * and digits. Walks over the keyboard, sequences, repeats, years and exchanged letters are found by rule and need no entry.
 */
const lists = {
  passwords: `
    password passwd passwort passphrase passcode pass pwd pword psw secret geheim letmein letme open sesame opensesame
    welcome hello hallo login logon signin default changeme change temp temporary initial guest user username test tester
    testing demo sample example public private access secure security master root admin administrator sysadmin superuser
    super manager owner account system server client computer internet network database oracle mysql sqlserver postgres
    windows microsoft office google apple android iphone samsung huawei xiaomi lenovo tencent wechat weixin alibaba taobao
    baidu douyin facebook twitter linux ubuntu cisco dell intel hacker hacked trustno1 nopassword nothing whatever please
    abc abcd abcde asd asdf zxc zxcv qwe qwer qaz wsx edc rfv tgb qazwsx q1w2e3 q1w2e3r4 1q2w3e 1q2w3e4r a1b2c3 aabbcc`,
  common: `
    iloveyou love lovely loveme lover baby babygirl angel princess queen prince king kitty honey sweet sweetie sugar
    sunshine sunny rainbow flower rose lucky happy smile freedom peace forever dream dreams star starwars superstar
    dragon tiger monkey panda lion eagle falcon phoenix horse rabbit dog cat puppy fish bear wolf snake mouse pig
    football soccer basketball baseball hockey tennis golf sports champion winner liverpool chelsea arsenal barcelona
    michael jordan kobe james jennifer jessica ashley amanda daniel thomas robert andrew charlie david george peter
    superman batman spiderman ironman pokemon naruto pikachu matrix ninja shadow killer warrior hunter ranger soldier
    summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday january february march april
    june july august september october november december today tomorrow morning night money cash gold silver diamond
    china beijing shanghai guangzhou shenzhen tianjin chongqing chengdu wuhan nanjing hangzhou suzhou xian zhongguo
    america london paris berlin tokyo family mother father mama papa mommy daddy brother sister friend buddy boss chief`,
  pinyin: `
    woaini woaiwojia aini baobao baobei laopo laogong mima mimi wodemima denglu yonghu kouling zhanghao guanliyuan
    guanli ceshi moren chushi xitong fuwuqi diannao wangluo shujuku gongsi danwei keshi bumen zhuren yuanzhang
    nihao wohao hello123 xiexie xiaoxiao xiaoming zhangsan lisi wangwu zhaoliu wang zhang chen yang huang zhao zhou
    tiankong taiyang yueliang xingxing meili kuaile xingfu pingan jiankang facai gongxi xinnian shengri gege didi jiejie
    meimei baba tianshi long feng hulong zhonghua renmin guojia woshishui zaijian budao bangbang feichang`,
  hospital: `
    hospital yiyuan yiyuan120 yisheng daifu hushi huanzhe bingren zhiliao jiuyi menzhen zhuyuan jizhen jizhenke
    yingxiang yingxiangke fangshe fangsheke chaosheng heci neike waike erke guke shenjing xinzang jianyan bingli yaofang
    xinxike xinxi shebei weihu zhongyi xiyi renminyiyuan zhongxin zhongxinyiyuan yiwuke baogao shenhe jishi
    radiology radiologist radio xray doctor doctors nurse medical medicine medic health healthcare clinic clinical patient
    patients surgery surgeon emergency imaging image images report reports reader reading viewer workstation station
    gateway vigil pacs ris his lis emr dicom mri ctscan scan scanner mammo ultrasound modality archive orthanc
    siemens philips toshiba canon fuji fujifilm agfa carestream mindray neusoft united uih hitachi kodak ward critical`,
  numbers: `
    5201314 1314520 1314521 7758521 7758258 520 521 1314 520520 521521 147258 147258369 258369 159753 951753 159357
    357159 741852963 741852 789456 789456123 456123 147852 147852369 963852741 112233 121212 123123 102030 101010 131313
    159951 110110 119119 120120 10086 10010 12306 95588 911 007 888 666 168 168168 518 518518 1688 6688 8866 9988 2468 1357
    13579 24680 135790 246810 31415926 314159 141421 271828 1111 0000 8888 6666 5555 a123456 a12345678 woaini1314`,
} as const

/** The longest entry, in characters. */
export const longestWeakWord = 16

export const weakWords: ReadonlySet<string> = new Set(
  Object.values(lists).flatMap((list) => list.split(/\s+/).filter((word) => word.length >= 3)),
)
