"""Code lists of the national filing form, as data. National standards keep their codes; the rest has codes of our own. Source: docs/domain.md."""

from unionportal.core.common.identity import FEMALE, MALE

Codes = tuple[tuple[str, str], ...]

#: Old schemes are kept as they were filed; new files are of the current one.
SCHEMES: Codes = (
    ("current", "现行三类"),
    ("national", "全国级困难职工（旧）"),
    ("provincial", "省级困难职工（旧）"),
    ("municipal", "市级困难职工（旧）"),
    ("district", "区级困难职工（旧）"),
)
CATEGORIES: Codes = (("deep", "深度困难"), ("relative", "相对困难"), ("sudden", "意外致困"))
CAUSES: Codes = (
    ("1", "无劳动能力"),
    ("2", "有劳动能力未就业"),
    ("3", "下岗失业"),
    ("4", "未参加社会保险"),
    ("5", "社保待遇落实不到位"),
    ("6", "重特大疾病"),
    ("7", "自然灾害"),
    ("8", "意外事故"),
    ("9", "子女上学"),
    ("10", "其他"),
)
SECONDARY_CAUSES_MOST = 3

#: GB/T 4761, shortened as on the form; "0" is the holder of the file.
HOLDER = "0"
RELATIONS: Codes = (
    (HOLDER, "本人或户主"),
    ("1", "配偶"),
    ("2", "子"),
    ("3", "女"),
    ("4", "孙子女、外孙子女"),
    ("5", "父母"),
    ("6", "祖父母、外祖父母"),
    ("7", "兄弟姐妹"),
    ("8", "其他"),
)
#: GB/T 2261.1
SEXES: Codes = (("0", "未知"), (MALE, "男"), (FEMALE, "女"), ("9", "未说明"))
#: GB/T 2261.2
MARRIAGES: Codes = (
    ("10", "未婚"),
    ("20", "已婚"),
    ("21", "初婚"),
    ("22", "再婚"),
    ("23", "复婚"),
    ("30", "丧偶"),
    ("40", "离婚"),
    ("90", "未说明"),
)
#: GB/T 2261.3
HEALTH: Codes = (
    ("10", "健康或良好"),
    ("20", "一般或较弱"),
    ("30", "有慢性病"),
    ("60", "残疾"),
    ("61", "视力残疾"),
    ("62", "听力残疾"),
    ("63", "言语残疾"),
    ("64", "肢体残疾"),
    ("65", "智力残疾"),
    ("66", "精神残疾"),
    ("67", "多重残疾"),
)
#: GB/T 4762
POLITICAL: Codes = (
    ("01", "中共党员"),
    ("02", "中共预备党员"),
    ("03", "共青团员"),
    ("04", "民革党员"),
    ("05", "民盟盟员"),
    ("06", "民建会员"),
    ("07", "民进会员"),
    ("08", "农工党党员"),
    ("09", "致公党党员"),
    ("10", "九三学社社员"),
    ("11", "台盟盟员"),
    ("12", "无党派人士"),
    ("13", "群众"),
)
#: GB/T 4658
EDUCATION: Codes = (
    ("10", "研究生"),
    ("20", "大学本科"),
    ("30", "大学专科"),
    ("40", "中专"),
    ("50", "技校"),
    ("60", "高中"),
    ("70", "初中"),
    ("80", "小学"),
    ("90", "其他"),
)
#: GB 3304
_ETHNIC_GROUPS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 "
    "达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNICITIES: Codes = tuple(
    (f"{number:02d}", f"{name}族") for number, name in enumerate(_ETHNIC_GROUPS.split(), start=1)
)

HOUSING: Codes = (
    ("self_built", "自建房"),
    ("commercial", "商品房"),
    ("affordable", "经济适用房"),
    ("two_limits", "两限房"),
    ("unit_flat", "承租单位公房"),
    ("public_rental", "政府廉租房"),
    ("rented", "租房"),
    ("other", "其他"),
)
WORK: Codes = (
    ("employed", "在岗"),
    ("laid_off", "下（待）岗"),
    ("unemployed", "失（无）业"),
    ("retired", "退休"),
    ("sick_leave", "病休"),
    ("early_retired", "内退"),
    ("cadre_retired", "离休"),
)
MODEL_WORKERS: Codes = (
    ("none", "不是"),
    ("national", "全国劳模"),
    ("provincial", "省级劳模"),
    ("municipal", "市级劳模"),
    ("district", "县区级劳模"),
)
INSURANCE: Codes = (
    ("employee", "职工基本医保"),
    ("resident", "城乡居民医保"),
    ("none", "未参保"),
    ("other", "其他"),
)
HUKOU: Codes = (
    ("local_urban", "本地非农业"),
    ("local_rural", "本地农业"),
    ("urban", "外地非农业"),
    ("rural", "外地农业"),
)
STANDINGS: Codes = (
    ("worker", "职工"),
    ("student", "学生"),
    ("preschool", "学龄前儿童"),
    ("farmer", "务农"),
    ("retired", "离退休"),
    ("jobless", "无业"),
    ("other", "其他"),
)
UNIT_NATURES: Codes = (
    ("organ", "机关"),
    ("institution", "事业单位"),
    ("state", "国有企业"),
    ("collective", "集体企业"),
    ("private", "民营企业"),
    ("foreign", "外商及港澳台企业"),
    ("sole", "个体工商户"),
    ("platform", "平台企业（新就业形态）"),
    ("other", "其他"),
)
UNIT_CONDITIONS: Codes = (
    ("normal", "正常经营"),
    ("losing", "困难亏损"),
    ("halted", "停产半停产"),
    ("bankrupt", "破产关闭"),
    ("reformed", "已改制"),
)
SELF_HELP: Codes = (("able", "有自救能力"), ("partly", "有一定自救能力"), ("unable", "无自救能力"))
LEAVING: Codes = (
    ("died", "死亡"),
    ("moved_out", "迁出"),
    ("own_home", "分户或婚嫁"),
    ("wrong", "误录"),
    ("other", "其他"),
)

#: What comes in and what must be spent, as the form adds them up.
INCOME: Codes = (
    ("wages", "工资性收入"),
    ("business", "经营净收入"),
    ("property", "财产净收入"),
    ("transfer", "转移净收入"),
    ("other_income", "其他应计收入"),
)
SPENDING: Codes = (
    ("illness", "因病支出"),
    ("disability", "因残支出"),
    ("schooling", "因学支出"),
    ("housing", "住房支出"),
    ("other_spending", "其他刚性支出"),
)
SOURCES: Codes = (
    ("wage_slip", "工资单"),
    ("bank_statement", "银行流水"),
    ("social_security", "社保待遇证明"),
    ("unit_statement", "单位或村社证明"),
    ("medical_bill", "医疗费结算单"),
    ("tuition", "学费收据"),
    ("tenancy", "租赁合同或房贷凭证"),
    ("declared", "本人申报"),
    ("other", "其他"),
)

#: What rules a household out, as asked one by one. `excepted`: it is so, and an exception of the rules holds.
DISQUALIFIERS: Codes = (
    ("costly_school", "子女就读高收费私立学校或自费出国留学"),
    ("shareholder", "是企业的控股股东"),
    ("two_homes", "有两套以上住房，且人均面积超过当地平均"),
    ("car", "有经常使用的机动车（残疾人、患病代步除外）"),
    ("refuses_check", "拒绝核查家庭经济状况"),
    ("hides_income", "隐瞒收入或财产"),
    ("refuses_work", "有劳动能力，无正当理由拒绝就业"),
)
ANSWERS: Codes = (("no", "没有"), ("yes", "有"), ("excepted", "有，属于例外"))

#: Papers of a file. Those of a person name the member they are about.
CONSENT, GUARDIAN, AUTHORISATION = "consent", "guardian", "authorisation"
PAPERS: Codes = (
    ("application", "申报表"),
    ("pledge", "收入承诺书"),
    (AUTHORISATION, "家庭经济状况核对授权书"),
    (CONSENT, "个人敏感信息处理同意书"),
    (GUARDIAN, "监护人同意书"),
    ("identity", "身份证件"),
    ("proof", "证明材料"),
    ("other", "其他"),
)
#: Below this age a guardian consents (PIPL, article 31).
GUARDED_UNTIL = 14
