"""Rules of the check-in at stations."""

from unionportal.core.params.kinds import OWN, Definition, Whole

CHECK_IN: tuple[Definition, ...] = (
    Definition(
        "stations.check_ins_address_hour",
        "同一网络每小时扫码签到",
        "驿站",
        Whole(1, 1000),
        40,
        "次",
        "同一个网络地址一小时内最多签到几次，超过的不计；驿站里的人常共用一个地址，不宜太小。",
        OWN,
    ),
    Definition(
        "stations.check_ins_phone_hour",
        "同一部手机每小时扫码签到",
        "驿站",
        Whole(1, 100),
        6,
        "次",
        "同一部手机一小时内在各驿站最多签到几次，超过的不计；同一个驿站一天只计一次。",
        OWN,
    ),
)
