"""越温暖: departments' sheets are matched to workers, and rules raise explained leads; only a person decides. Source: docs/domain.md, "Sensing"."""
