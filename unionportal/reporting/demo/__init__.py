"""The demo district: invented people, firms and stories, made to the figures a district published.

`places`, `people`, `firms`, `stories.toml` say what there is; `calendar`, `visiting` and `casebook` make up what happened, as plain data from
one seeded random source; `loader` lets it happen through the services, at the historic moments. Source: docs/demo.md.
"""
