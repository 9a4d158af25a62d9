//! Expressions.

use std::borrow::Cow;

use super::names::{FUNCTION, Grammar, VARIABLE};
use super::{Parser, object, shapes, suggest};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{
    BinaryOperator, Code, Expression, ExpressionKind, Invalid, List, Literal, MapPair, Statement,
    StatementKind, UnaryOperator,
};

impl Invalid {
    /// What was understood of a statement or expression are these expressions.
    pub(super) fn of(expressions: impl IntoIterator<Item = Expression>) -> Self {
        let mut invalid = Self::default();
        invalid.add_all(expressions);
        invalid
    }

    /// One more part was understood.
    #[inline(never)]
    pub(super) fn add(&mut self, value: Expression) {
        self.parts.push(Statement { node: value.node, kind: StatementKind::Expression { value } });
    }

    /// More parts were understood.
    #[inline(never)]
    pub(super) fn add_all(&mut self, expressions: impl IntoIterator<Item = Expression>) {
        expressions.into_iter().for_each(|expression| self.add(expression));
    }
}

impl Parser<'_> {
    /// The expression under a key, or a placeholder at the object that lacks it.
    pub(super) fn child(&mut self, slot: Option<Node<'_>>, parent: Node<'_>) -> Expression {
        match slot {
            Some(node) if node.kind() == Kind::Object => self.expression(node),
            _ => self.no_expression(slot, parent),
        }
    }

    /// What stands where an expression should be; apart from [`Self::child`], which recurses as deep as the text.
    #[inline(never)]
    fn no_expression(&mut self, slot: Option<Node<'_>>, parent: Node<'_>) -> Expression {
        let parts = self.expressions(slot).items;
        Expression { node: slot.unwrap_or(parent).id(), kind: ExpressionKind::Invalid(Invalid::of(parts)) }
    }

    /// The expressions under a key that is required. Elements that are none have placeholders.
    pub(super) fn expressions(&mut self, slot: Option<Node<'_>>) -> List<Expression> {
        // One expression without its array is looked into; an object that is none has been reported.
        let alone = |node: &Node<'_>| node.kind() == Kind::Object && object::member(*node, "type").is_some();
        if let Some(node) = slot.filter(alone) {
            return List { items: vec![self.expression(node)], complete: false };
        }
        let expressions = self.list(slot, |parser, node| {
            Some(match parser.element(node, Kind::Object, "an expression") {
                Some(node) => parser.expression(node),
                None => Expression { node: node.id(), kind: ExpressionKind::Invalid(Invalid::default()) },
            })
        });
        List { complete: expressions.complete && slot.is_some(), ..expressions }
    }

    /// The expression that an object is.
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expression {
        let node_type = object::member(node, "type");
        let text = node_type.and_then(Node::as_str);
        let kind = match text.as_deref() {
            Some("literal") => self.literal(node),
            Some("variable") => self.variable(node),
            Some("binary") => self.binary(node),
            Some("unary") => self.unary(node),
            Some("call") => self.call(node),
            Some("module_call") => self.module_call(node),
            Some("builtin") => self.builtin(node),
            Some("array_literal") => self.array(node),
            Some("map_literal") => self.map(node),
            Some("index") => self.index(node),
            Some("field") => self.field(node),
            Some(name) if shapes::STATEMENTS.contains(&name) => {
                self.report(Code::UnknownNode, node_type.unwrap_or(node), || {
                    Explanation::new(format!("`{name}` is a statement, here stands an expression"))
                        .help("move it before this statement, into the list of statements")
                });
                ExpressionKind::Invalid(Invalid { names: Vec::new(), parts: vec![self.statement(node)] })
            }
            _ => ExpressionKind::Invalid(self.wrong_type(node, "an expression", shapes::EXPRESSIONS)),
        };
        Expression { node: node.id(), kind }
    }

    /// The entries of a map literal. Elements that are none have placeholders.
    pub(super) fn pairs(&mut self, slot: Option<Node<'_>>) -> List<MapPair> {
        let pairs = self.list(slot, |parser, node| {
            let object = parser.element(node, Kind::Object, shapes::PAIR.what);
            let [key, value] = object.map_or([None; 2], |object| parser.keys(object, &shapes::PAIR));
            Some(MapPair { node: node.id(), key: parser.child(key, node), value: parser.child(value, node) })
        });
        List { complete: pairs.complete && slot.is_some(), ..pairs }
    }

    // The functions below are not merged into `expression`, whose frame stands on the stack for each level of nesting.

    #[inline(never)]
    fn variable(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, name] = self.keys(node, &shapes::VARIABLE);
        let name = self.name(name, Grammar::Plain, VARIABLE);
        name.map_or_else(|| ExpressionKind::Invalid(Invalid::default()), ExpressionKind::Variable)
    }

    #[inline(never)]
    fn call(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, name, arguments] = self.keys(node, &shapes::CALL);
        let name = self.name(name, Grammar::Plain, FUNCTION);
        let arguments = self.expressions(arguments);
        called(name, arguments, |name, arguments| ExpressionKind::Call { name, arguments })
    }

    #[inline(never)]
    fn module_call(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, module, name, arguments] = self.keys(node, &shapes::MODULE_CALL);
        let module = self.name(module, Grammar::Module, "a module");
        let name = self.name(name, Grammar::Plain, FUNCTION);
        let arguments = self.expressions(arguments);
        called(module.zip(name), arguments, |(module, name), arguments| ExpressionKind::ModuleCall {
            module,
            name,
            arguments,
        })
    }

    #[inline(never)]
    fn builtin(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, name, arguments] = self.keys(node, &shapes::BUILTIN);
        let name = self.name(name, Grammar::Builtin, "a builtin");
        let arguments = self.expressions(arguments);
        called(name, arguments, |name, arguments| ExpressionKind::Builtin { name, arguments })
    }

    #[inline(never)]
    fn index(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, object, index] = self.keys(node, &shapes::INDEX);
        let object = Box::new(self.child(object, node));
        ExpressionKind::Index { object, index: Box::new(self.child(index, node)) }
    }

    #[inline(never)]
    fn array(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, elements] = self.keys(node, &shapes::ARRAY_LITERAL);
        let elements = self.expressions(elements);
        called(Some(()), elements, |(), elements| ExpressionKind::Array(elements))
    }

    #[inline(never)]
    fn map(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, pairs] = self.keys(node, &shapes::MAP_LITERAL);
        match self.pairs(pairs) {
            List { items, complete: true } => ExpressionKind::Map(items),
            List { items, .. } => ExpressionKind::Invalid(Invalid::of(parts_of_pairs(items))),
        }
    }

    #[inline(never)]
    fn field(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, object, field] = self.keys(node, &shapes::FIELD);
        let object = self.child(object, node);
        match self.name(field, Grammar::Free, "a field") {
            Some(field) => ExpressionKind::Field { object: Box::new(object), field },
            None => ExpressionKind::Invalid(Invalid::of([object])),
        }
    }

    #[inline(never)]
    fn literal(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, value] = self.keys(node, &shapes::LITERAL);
        let Some(value) = value else { return ExpressionKind::Invalid(Invalid::default()) };
        let literal = match value.kind() {
            Kind::Null => Literal::Void,
            Kind::Bool => Literal::Bool(value.as_bool().unwrap_or_default()),
            Kind::Int => Literal::Int(value.as_int().unwrap_or_default()),
            Kind::Float => Literal::Float(value.as_float().unwrap_or_default()),
            Kind::String => match value.as_str().unwrap_or_default() {
                Cow::Borrowed(text) => Literal::String(text.into()),
                Cow::Owned(text) => Literal::String(text.into()),
            },
            Kind::Array | Kind::Object => return ExpressionKind::Invalid(Invalid::default()),
        };
        ExpressionKind::Literal(literal)
    }

    #[inline(never)]
    fn binary(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, symbol, left, right] = self.keys(node, &shapes::BINARY);
        let operator = self.operator(symbol, &BinaryOperator::ALL, BinaryOperator::symbol, "binary");
        let left = self.child(left, node);
        let right = self.child(right, node);
        match operator {
            Some(operator) => {
                ExpressionKind::Binary { operator, left: Box::new(left), right: Box::new(right) }
            }
            None => ExpressionKind::Invalid(Invalid::of([left, right])),
        }
    }

    #[inline(never)]
    fn unary(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, symbol, operand, right] = self.keys(node, &shapes::UNARY);
        let operator = self.operator(symbol, &UnaryOperator::ALL, UnaryOperator::symbol, "unary");
        let keys = || {
            node.members()
                .filter(|member| matches!(&*member.key.as_str().unwrap_or_default(), "operand" | "right"))
        };
        match (keys().next(), keys().nth(1)) {
            (None, _) => self.report(Code::MissingKey, node, || {
                Explanation::new(format!("{} needs the key `operand`", shapes::UNARY.what))
                    .help("add `\"operand\": {…}`")
            }),
            (Some(first), Some(second)) => self.report(Code::JsonDuplicateKey, second.key, || {
                Explanation::new("`operand` and `right` are two words for one key of a `unary` expression")
                    .help("remove one of the two")
                    .first(first.key.id())
            }),
            (Some(_), None) => {}
        }
        match (operator, operand, right) {
            (Some(operator), Some(only), None) | (Some(operator), None, Some(only)) => {
                ExpressionKind::Unary { operator, operand: Box::new(self.child(Some(only), node)) }
            }
            _ => self.parts_of_unary(node, [operand, right]),
        }
    }

    /// The operands of a `unary` expression that is wrong: there may be two.
    #[inline(never)]
    fn parts_of_unary(&mut self, node: Node<'_>, operands: [Option<Node<'_>>; 2]) -> ExpressionKind {
        let parts = operands.into_iter().flatten().map(|part| self.child(Some(part), node));
        ExpressionKind::Invalid(Invalid::of(parts))
    }

    /// The operator with this symbol; reported when there is none.
    fn operator<O: Copy>(
        &mut self,
        slot: Option<Node<'_>>,
        operators: &'static [O],
        symbol_of: fn(O) -> &'static str,
        what: &'static str,
    ) -> Option<O> {
        let node = slot?;
        let symbol = node.as_str()?;
        let found = operators.iter().copied().find(|operator| symbol_of(*operator) == symbol);
        if found.is_some() {
            return found;
        }
        self.report(Code::UnknownOperator, node, || {
            let symbols = operators.iter().map(|operator| symbol_of(*operator));
            Explanation::new(format!("there is no {what} operator `{}`", clip(&symbol)))
                .help(operator_help(&symbol, what, symbols))
        });
        None
    }
}

/// A call, or what was understood of it.
fn called<T>(
    target: Option<T>,
    arguments: List<Expression>,
    call: impl FnOnce(T, Vec<Expression>) -> ExpressionKind,
) -> ExpressionKind {
    match target {
        Some(target) if arguments.complete => call(target, arguments.items),
        _ => ExpressionKind::Invalid(Invalid::of(arguments.items)),
    }
}

/// The expressions in the entries of a map literal.
pub(super) fn parts_of_pairs(pairs: Vec<MapPair>) -> impl Iterator<Item = Expression> {
    pairs.into_iter().flat_map(|pair| [pair.key, pair.value])
}

fn operator_help<'c>(symbol: &str, what: &str, symbols: impl Iterator<Item = &'c str> + Clone) -> String {
    match (what, symbol) {
        ("binary", "**" | "^") => "call the builtin `math.pow`".to_owned(),
        ("binary", "//") => "write `/`: of two ints it gives an int".to_owned(),
        ("binary", "in") => "call the builtin `collections.contains`".to_owned(),
        ("binary", "!") => "`!` takes one operand: write a `unary` expression".to_owned(),
        ("unary", "+") => "leave the `+` out".to_owned(),
        _ if BinaryOperator::ALL.iter().any(|operator| operator.symbol() == symbol) => {
            format!("`{symbol}` takes two operands: write a `binary` expression")
        }
        _ => suggest::help(symbol, &format!("the {what} operators"), symbols),
    }
}
