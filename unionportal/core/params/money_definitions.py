"""Parameters of hardship workers' money and services. Source: docs/domain.md, "Hardship-worker files"."""

from unionportal.core.params.kinds import Definition, Whole

MONEY: tuple[Definition, ...] = (
    Definition(
        "hardship.service_allowance",
        "便民服务年度额度",
        "困难帮扶",
        Whole(0, 100000),
        1000,
        "元/人",
        "每名困难职工一年可以享受多少元的便民服务，职工本人不付钱。年中调整的，从生效日起按新额度判断，已经用掉的不变。",
        "宁波市海曙区的做法：每人每年1000元",
    ),
)
