//! Expressions.

use std::borrow::Cow;

use super::names::{FUNCTION, Grammar, VARIABLE};
use super::{Parser, object, shapes, suggest};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{BinaryOperator, Code, Expression, ExpressionKind, Literal, MapPair, UnaryOperator};

impl Expression {
    /// Stands where an expression is missing or wrong.
    pub(super) fn placeholder(node: Node<'_>) -> Self {
        Self { node: node.id(), kind: ExpressionKind::Literal(Literal::Void) }
    }
}

impl Parser<'_> {
    /// The expression under a key, or a placeholder at the object that lacks it.
    pub(super) fn child(&mut self, slot: Option<Node<'_>>, parent: Node<'_>) -> Expression {
        slot.map_or_else(|| Expression::placeholder(parent), |node| self.expression(node))
    }

    /// The expressions of an array; none when the key is absent.
    pub(super) fn expressions(&mut self, slot: Option<Node<'_>>) -> Vec<Expression> {
        let mut expressions = Vec::new();
        for node in slot.into_iter().flat_map(Node::elements) {
            if node.kind() == Kind::Object {
                expressions.push(self.expression(node));
            } else {
                self.wrong_element(node, Kind::Object, "an expression");
            }
        }
        expressions
    }

    /// The expression that an object is.
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expression {
        let node_type = object::member(node, "type");
        let text = node_type.and_then(Node::as_str);
        let kind = match text.as_deref() {
            Some("literal") => self.literal(node),
            Some("variable") => {
                let [_, name] = self.keys(node, &shapes::VARIABLE);
                ExpressionKind::Variable(self.name(name, Grammar::Plain, VARIABLE))
            }
            Some("binary") => self.binary(node),
            Some("unary") => self.unary(node),
            Some("call") => {
                let [_, name, arguments] = self.keys(node, &shapes::CALL);
                let name = self.name(name, Grammar::Plain, FUNCTION);
                ExpressionKind::Call { name, arguments: self.expressions(arguments) }
            }
            Some("module_call") => {
                let [_, module, name, arguments] = self.keys(node, &shapes::MODULE_CALL);
                let module = self.name(module, Grammar::Module, "a module");
                let name = self.name(name, Grammar::Plain, FUNCTION);
                ExpressionKind::ModuleCall { module, name, arguments: self.expressions(arguments) }
            }
            Some("builtin") => {
                let [_, name, arguments] = self.keys(node, &shapes::BUILTIN);
                let name = self.name(name, Grammar::Builtin, "a builtin");
                ExpressionKind::Builtin { name, arguments: self.expressions(arguments) }
            }
            Some("array_literal") => {
                let [_, elements] = self.keys(node, &shapes::ARRAY_LITERAL);
                ExpressionKind::Array(self.expressions(elements))
            }
            Some("map_literal") => {
                let [_, pairs] = self.keys(node, &shapes::MAP_LITERAL);
                ExpressionKind::Map(self.pairs(pairs))
            }
            Some("index") => {
                let [_, object, index] = self.keys(node, &shapes::INDEX);
                let object = Box::new(self.child(object, node));
                ExpressionKind::Index { object, index: Box::new(self.child(index, node)) }
            }
            Some("field") => {
                let [_, object, field] = self.keys(node, &shapes::FIELD);
                let object = Box::new(self.child(object, node));
                ExpressionKind::Field { object, field: self.name(field, Grammar::Free, "a field") }
            }
            Some(name) if shapes::STATEMENTS.contains(&name) => {
                self.report(Code::UnknownNode, node_type.unwrap_or(node), || {
                    Explanation::new(format!("`{name}` is a statement, here stands an expression"))
                        .help("move it before this statement, into the list of statements")
                });
                drop(self.statement(node));
                ExpressionKind::Literal(Literal::Void)
            }
            _ => {
                self.wrong_type(node, node_type, "an expression", shapes::EXPRESSIONS);
                ExpressionKind::Literal(Literal::Void)
            }
        };
        Expression { node: node.id(), kind }
    }

    /// The entries of a map literal.
    pub(super) fn pairs(&mut self, slot: Option<Node<'_>>) -> Vec<MapPair> {
        let nodes = self.elements(slot, Kind::Object, shapes::PAIR.what);
        let pair = |node: Node<'_>| {
            let [key, value] = self.keys(node, &shapes::PAIR);
            MapPair { node: node.id(), key: self.child(key, node), value: self.child(value, node) }
        };
        nodes.into_iter().map(pair).collect()
    }

    fn literal(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, value] = self.keys(node, &shapes::LITERAL);
        let literal = value.map_or(Literal::Void, |value| match value.kind() {
            Kind::Bool => Literal::Bool(value.as_bool().unwrap_or_default()),
            Kind::Int => Literal::Int(value.as_int().unwrap_or_default()),
            Kind::Float => Literal::Float(value.as_float().unwrap_or_default()),
            Kind::String => match value.as_str().unwrap_or_default() {
                Cow::Borrowed(text) => Literal::String(text.into()),
                Cow::Owned(text) => Literal::String(text.into()),
            },
            Kind::Null | Kind::Array | Kind::Object => Literal::Void,
        });
        ExpressionKind::Literal(literal)
    }

    fn binary(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, symbol, left, right] = self.keys(node, &shapes::BINARY);
        let operators = BinaryOperator::ALL.map(|operator| (operator.symbol(), operator));
        let operator = self.operator(symbol, &operators, "binary").unwrap_or(BinaryOperator::Add);
        let left = Box::new(self.child(left, node));
        ExpressionKind::Binary { operator, left, right: Box::new(self.child(right, node)) }
    }

    fn unary(&mut self, node: Node<'_>) -> ExpressionKind {
        let [_, symbol, operand, right] = self.keys(node, &shapes::UNARY);
        let operators = UnaryOperator::ALL.map(|operator| (operator.symbol(), operator));
        let operator = self.operator(symbol, &operators, "unary").unwrap_or(UnaryOperator::Not);
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
        // Both are visited, so that what is wrong inside either is found.
        let operand = operand.map(|operand| self.expression(operand));
        let right = right.map(|right| self.expression(right));
        let operand = operand.or(right).unwrap_or_else(|| Expression::placeholder(node));
        ExpressionKind::Unary { operator, operand: Box::new(operand) }
    }

    /// The operator with this symbol; reported when there is none.
    fn operator<O: Copy>(
        &mut self,
        slot: Option<Node<'_>>,
        operators: &[(&'static str, O)],
        what: &'static str,
    ) -> Option<O> {
        let node = slot?;
        let symbol = node.as_str()?;
        if let Some((_, operator)) = operators.iter().find(|(candidate, _)| *candidate == symbol) {
            return Some(*operator);
        }
        self.report(Code::UnknownOperator, node, || {
            let symbols = operators.iter().map(|(candidate, _)| *candidate);
            Explanation::new(format!("there is no {what} operator `{}`", clip(&symbol)))
                .help(operator_help(&symbol, what, symbols))
        });
        None
    }
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
