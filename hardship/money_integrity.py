"""What must hold between the ledger and everything that stands on it -> the rows for which it does not."""

MONEY_RULES: dict[str, str] = {
    "科目余额与分录之和不符": """
        SELECT f.name || ' ' || a.kind AS code FROM hardship_ledgeraccount a JOIN hardship_fund f ON f.id = a.fund_id
        LEFT JOIN hardship_ledgerline l ON l.account_id = a.id
        GROUP BY a.id, f.name HAVING a.balance <> coalesce(sum(l.amount), 0)""",
    "科目余额低于零": """
        SELECT f.name || ' ' || a.kind AS code FROM hardship_ledgeraccount a JOIN hardship_fund f ON f.id = a.fund_id
        WHERE CASE WHEN a.kind = 'source' THEN a.balance > 0 ELSE a.balance < 0 END""",
    "凭证借贷不平": """
        SELECT '第 ' || e.id || ' 号' AS code FROM hardship_ledgerentry e
        LEFT JOIN hardship_ledgerline l ON l.entry_id = e.id
        GROUP BY e.id HAVING coalesce(sum(l.amount), 0) <> 0
            OR e.amount <> coalesce(sum(l.amount) FILTER (WHERE l.amount > 0), 0)""",
    "分录记到了别的资金": """
        SELECT '第 ' || e.id || ' 号' AS code FROM hardship_ledgerline l
        JOIN hardship_ledgerentry e ON e.id = l.entry_id JOIN hardship_ledgeraccount a ON a.id = l.account_id
        WHERE a.fund_id <> e.fund_id""",
    "发放状态与账目不符": """
        SELECT b.code || '-' || g.seq AS code FROM hardship_grant g JOIN hardship_grantbatch b ON b.id = g.batch_id
        LEFT JOIN hardship_ledgerline l ON l.grant_id = g.id LEFT JOIN hardship_ledgeraccount a ON a.id = l.account_id
        GROUP BY g.id, b.code HAVING
            coalesce(sum(l.amount) FILTER (WHERE a.kind = 'reserved'), 0)
                <> CASE WHEN g.state = 'approved' THEN g.amount ELSE 0 END
            OR coalesce(sum(l.amount) FILTER (WHERE a.kind = 'spent'), 0)
                <> CASE WHEN g.state = 'paid' THEN g.amount - g.repaid ELSE 0 END""",
    "服务单状态与账目不符": """
        SELECT o.code AS code FROM hardship_serviceorder o
        LEFT JOIN hardship_ledgerline l ON l.order_id = o.id LEFT JOIN hardship_ledgeraccount a ON a.id = l.account_id
        GROUP BY o.id HAVING
            coalesce(sum(l.amount) FILTER (WHERE a.kind = 'reserved'), 0)
                <> CASE WHEN o.state IN ('ordered', 'dispatched', 'confirmed') THEN o.held ELSE 0 END
            OR coalesce(sum(l.amount) FILTER (WHERE a.kind = 'spent'), 0)
                <> CASE WHEN o.state = 'settled' THEN o.held ELSE 0 END""",
    "年度上限的已批数与发放不符": """
        SELECT f.code AS code FROM hardship_capuse u JOIN hardship_hardshipfile f ON f.id = u.file_id
        WHERE u.used <> (
            SELECT coalesce(sum(g.amount - g.repaid), 0) FROM hardship_grant g
            JOIN hardship_grantbatch b ON b.id = g.batch_id
            WHERE g.file_id = u.file_id AND b.kind = u.kind AND g.cap_year = u.year AND g.state IN ('approved', 'paid'))""",
    "便民服务的已用额度与服务单不符": """
        SELECT f.code AS code FROM hardship_allowance u JOIN hardship_hardshipfile f ON f.id = u.file_id
        WHERE u.used <> (
            SELECT coalesce(sum(o.held), 0) FROM hardship_serviceorder o
            WHERE o.file_id = u.file_id AND o.year = u.year AND o.state <> 'cancelled')""",
}
