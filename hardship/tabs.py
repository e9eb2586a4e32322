"""The parts of the app."""

from unionportal.core.common.tabs import Tab

TABS = (
    Tab("files", "档案", "hardship-list", "hardship.view"),
    Tab("leads", "线索", "leads", "lead.view"),
    Tab("publicity", "公示", "hardship-publicity-list", "hardship.process_view"),
    Tab("plans", "帮扶措施", "hardship-measures", "hardship.process_view"),
    Tab("money", "资金", "fund-list", "fund.view"),
    Tab("services", "便民服务", "order-list", "service.view"),
    Tab("watch", "提醒", "hardship-watches", "watch.view"),
    Tab("progress", "进度", "hardship-progress", "hardship.process_view"),
)
