"""Source with one condition gone."""

import ast

#: A call to one of these, as a statement of its own, refuses whoever may not.
REFUSE = ("must", "to_record", "may_answer", "standing", "_check_allowed", "_check_answers", "home_or_refuse")


class Arms(ast.NodeTransformer):
    """Takes the nth away: a refusal, one side of an and, or, | or &, one condition of a filter, an early no.

    whole: refusals only, for a function that does more than ask.
    """

    def __init__(self, nth: int, *, whole: bool = False) -> None:
        self.nth, self.whole, self.seen, self.taken = nth, whole, 0, ""

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        return node

    def visit(self, node: ast.AST) -> ast.AST:
        if self.whole and isinstance(node, ast.BoolOp | ast.BinOp | ast.Call | ast.comprehension):
            return node
        visited: ast.AST = super().visit(node)
        return visited

    def _mine(self, gone: ast.AST) -> bool:
        self.seen += 1
        if self.seen - 1 == self.nth:
            self.taken = ast.unparse(gone)[:90]
        return self.seen - 1 == self.nth

    def visit_If(self, node: ast.If) -> ast.AST:
        [*_, last] = node.body
        refuses = isinstance(last, ast.Raise) and "NotAllowedError" in ast.unparse(last)
        says_no = isinstance(last, ast.Return) and ast.unparse(last) == "return False"
        if (refuses or says_no) and self._mine(node.test):
            return ast.Pass()
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Call):
            name = ast.unparse(node.value.func).split(".")[-1]
            if name in REFUSE and self._mine(node):
                return ast.Pass()
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        for number, value in enumerate(node.values):
            if self._mine(value):
                rest = [*node.values[:number], *node.values[number + 1 :]]
                return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.BitOr | ast.BitAnd):
            for gone, stays in ((node.left, node.right), (node.right, node.left)):
                if self._mine(gone):
                    return stays
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("exclude", "visible_to", "in_force"):
            stays = node.func.value
            if node.func.attr != "exclude":
                stays = ast.Call(ast.Attribute(stays, "all", ast.Load()), [], [])
            if self._mine(node):
                return stays
        if name == "Q" or name.endswith(".filter"):
            for keyword in node.keywords if len(node.keywords) + len(node.args) > 1 else ():
                if self._mine(keyword):
                    node.keywords.remove(keyword)
                    return node
        return self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        for condition in node.ifs:
            if self._mine(condition):
                node.ifs.remove(condition)
                return node
        return self.generic_visit(node)
