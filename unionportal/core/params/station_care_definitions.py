"""The parameters of building stations and of their care. Source: docs/domain.md, "Building stations", "Care of the stations"."""

from unionportal.core.params.kinds import OWN, Definition, Whole

TARGETS = "浙江省户外劳动者服务站点建设目标（2024—2026年）"

STATION_CARE: tuple[Definition, ...] = (
    Definition(
        "stations.repair_days",
        "驿站维修期限",
        "驿站",
        Whole(1, 180),
        15,
        "天",
        "检查发现的问题应在几天内修好；派修时可以另定日期。",
        OWN,
    ),
    Definition(
        "stations.expiry_days",
        "物资到期提醒",
        "驿站",
        Whole(1, 365),
        30,
        "天",
        "药品等物资在有效期届满前几天开始提醒。",
        OWN,
    ),
    Definition(
        "stations.spot_percent",
        "每季抽查比例",
        "驿站",
        Whole(1, 100),
        20,
        "%",
        "每个季度从每个镇街开放的驿站中抽多少，不足 1 个的按 1 个。",
        OWN,
    ),
    Definition(
        "stations.benchmark_percent",
        "标杆型占比目标",
        "驿站",
        Whole(0, 100),
        10,
        "%",
        "标杆型驿站应占全部驿站的多少。",
        TARGETS,
    ),
    Definition(
        "stations.smart_percent",
        "24小时智能化占比目标",
        "驿站",
        Whole(0, 100),
        15,
        "%",
        "24小时开放的智能化型驿站应占全部驿站的多少。",
        TARGETS,
    ),
    Definition(
        "stations.benchmark_townships",
        "标杆型与镇街数之比",
        "驿站",
        Whole(0, 1000),
        130,
        "%",
        "标杆型驿站应达到镇街数的多少，130 即 1.3 倍。",
        TARGETS,
    ),
)
