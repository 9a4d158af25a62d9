//! Statements.

use super::names::{Grammar, VARIABLE};
use super::{Parser, object, shapes, suggest};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{Code, Expression, Statement, StatementKind};

/// What is built where a part of a statement or expression is missing or wrong.
fn placeholder(node: Node<'_>) -> StatementKind {
    StatementKind::Expression { value: Expression::placeholder(node) }
}

impl Parser<'_> {
    /// The statements of an array; none when the key is absent.
    pub(super) fn statements(&mut self, slot: Option<Node<'_>>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for node in slot.into_iter().flat_map(Node::elements) {
            if node.kind() == Kind::Object {
                statements.push(self.statement(node));
            } else {
                self.wrong_element(node, Kind::Object, "a statement");
            }
        }
        statements
    }

    /// The statement that an object is.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Statement {
        let node_type = object::member(node, "type");
        let text = node_type.and_then(Node::as_str);
        let kind = match text.as_deref() {
            Some("assign") => {
                let [_, target, value] = self.keys(node, &shapes::ASSIGN);
                let target = self.name(target, Grammar::Plain, VARIABLE);
                StatementKind::Assign { target, value: self.child(value, node) }
            }
            Some("if") => {
                let [_, condition, then, otherwise] = self.keys(node, &shapes::IF);
                StatementKind::If {
                    condition: self.child(condition, node),
                    then: self.statements(then),
                    otherwise: self.statements(otherwise),
                }
            }
            Some("while") => {
                let [_, condition, body] = self.keys(node, &shapes::WHILE);
                StatementKind::While { condition: self.child(condition, node), body: self.statements(body) }
            }
            Some("for") => {
                let [_, init, condition, update, body] = self.keys(node, &shapes::FOR);
                StatementKind::For {
                    init: init.map(|init| Box::new(self.simple_statement(init, "init"))),
                    condition: self.child(condition, node),
                    update: update.map(|update| Box::new(self.simple_statement(update, "update"))),
                    body: self.statements(body),
                }
            }
            Some("return") => {
                let [_, value] = self.keys(node, &shapes::RETURN);
                StatementKind::Return { value: value.map(|value| self.expression(value)) }
            }
            Some("expr") => {
                let [_, value] = self.keys(node, &shapes::EXPR);
                StatementKind::Expression { value: self.child(value, node) }
            }
            Some(name) if shapes::EXPRESSIONS.contains(&name) => {
                self.report(Code::UnknownNode, node_type.unwrap_or(node), || {
                    Explanation::new(format!("`{name}` is an expression, here stands a statement")).help(
                        format!("write `{{\"type\": \"expr\", \"value\": {{\"type\": \"{name}\", …}}}}`"),
                    )
                });
                StatementKind::Expression { value: self.expression(node) }
            }
            _ => {
                self.wrong_type(node, node_type, "a statement", shapes::STATEMENTS);
                placeholder(node)
            }
        };
        Statement { node: node.id(), kind }
    }

    /// The `init` or `update` of a `for` statement.
    fn simple_statement(&mut self, node: Node<'_>, key: &str) -> Statement {
        let statement = self.statement(node);
        if !matches!(statement.kind, StatementKind::Assign { .. } | StatementKind::Expression { .. }) {
            self.report(Code::UnknownNode, object::member(node, "type").unwrap_or(node), || {
                Explanation::new(format!(
                    "the `{key}` of a `for` statement is an `assign` or `expr` statement"
                ))
                .help("move other statements before the loop or into its body")
            });
        }
        statement
    }

    /// The `type` of a statement or expression is missing, no string, or none of the known ones. The parts
    /// are visited.
    pub(super) fn wrong_type(
        &mut self,
        node: Node<'_>,
        node_type: Option<Node<'_>>,
        what: &str,
        types: &'static [&'static str],
    ) {
        let choice = || format!("the types are {}", suggest::list(types.iter().copied()));
        match node_type.map(|node_type| (node_type, node_type.as_str())) {
            None => self.report(Code::MissingKey, node, || {
                Explanation::new(format!("{what} needs the key `type`")).help(choice())
            }),
            Some((node_type, None)) => self.report(Code::WrongKind, node_type, || {
                Explanation::new(format!(
                    "the key `type` holds a string, found {}",
                    node_type.kind().describe()
                ))
                .help(choice())
            }),
            Some((node_type, Some(text))) => {
                self.report(Code::UnknownNode, node_type, || {
                    Explanation::new(format!("`{}` is not the type of {what}", clip(&text)))
                        .help(suggest::node_help(&text, types))
                });
            }
        }
        self.visit_parts(node);
    }
}
