"""The administration's pages: the city's own data, who is on call, notices, dead letters, the audit
log. Each page reads, or hands a form to a verb of `reports`, and commits.
"""

from web.console.city import (
    areas,
    audit_log,
    calendar,
    categories,
    category_questions,
    dead_letters,
    duty,
    imports,
    notices,
    offices,
    rules,
    webhooks,
)

VIEWS = (
    rules,
    categories,
    category_questions,
    offices,
    areas,
    imports,
    calendar,
    duty,
    notices,
    dead_letters,
    audit_log,
    webhooks,
)
