"""How a role is shown."""

from cli.printing import print_json, print_table
from shared.dataverse.role import RolePlan


def show_privileges(plan: RolePlan, *, as_json: bool) -> None:
    """Whether the role has each is known only where there is one that could be read."""
    if as_json:
        print_json(
            {
                "role": plan.name,
                "privileges": [
                    {
                        "privilege": one.name,
                        "depth": one.depth.value,
                        "why": one.why,
                        "inRole": plan.has(one) if plan.role else None,
                    }
                    for one in plan.privileges
                ],
            }
        )
        return
    columns = ["privilege", "access level", "why"]
    rows = [[one.name, one.depth.in_words, one.why] for one in plan.privileges]
    if plan.role:
        columns.append("in role")
        for row, one in zip(rows, plan.privileges, strict=True):
            row.append("yes" if plan.has(one) else "NO")
    print_table(f"Security role {plan.name}", columns, rows, whole=2)
