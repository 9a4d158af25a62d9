//! Statements.

use super::expression::parts_of_pairs;
use super::names::{Grammar, VARIABLE};
use super::{Parser, object, shapes, suggest};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{Code, Invalid, Statement, StatementKind};

impl Parser<'_> {
    /// The statements under a key that is required, or a placeholder.
    pub(super) fn body(&mut self, slot: Option<Node<'_>>, owner: Node<'_>) -> Vec<Statement> {
        match slot {
            Some(_) => self.statements(slot),
            None => vec![Statement { node: owner.id(), kind: StatementKind::Invalid(Invalid::default()) }],
        }
    }

    /// The statements under a key; none when it is absent. What is no statement has a placeholder.
    pub(super) fn statements(&mut self, slot: Option<Node<'_>>) -> Vec<Statement> {
        let Some(list) = slot else { return Vec::new() };
        if list.kind() != Kind::Array {
            // One statement without its array is looked into; an object that is none has been reported.
            let alone = list.kind() == Kind::Object && object::member(list, "type").is_some();
            return vec![if alone { self.statement(list) } else { invalid(list) }];
        }
        let mut statements = Vec::new();
        for node in list.elements() {
            if node.kind() != Kind::Object {
                self.wrong_element(node, Kind::Object, "a statement");
            }
            statements.push(self.statement_or_invalid(node));
        }
        statements
    }

    /// The statement that an object is, or a placeholder for what has been reported.
    fn statement_or_invalid(&mut self, node: Node<'_>) -> Statement {
        if node.kind() == Kind::Object {
            return self.statement(node);
        }
        let parts = if node.kind() == Kind::Array { self.statements(Some(node)) } else { Vec::new() };
        Statement { node: node.id(), kind: StatementKind::Invalid(Invalid { names: Vec::new(), parts }) }
    }

    /// The statement that an object is.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Statement {
        let node_type = object::member(node, "type");
        let text = node_type.and_then(Node::as_str);
        let kind = match text.as_deref() {
            Some("assign") => self.assign(node),
            Some("if") => {
                let [_, condition, then, otherwise] = self.keys(node, &shapes::IF);
                StatementKind::If {
                    condition: self.child(condition, node),
                    then: self.body(then, node),
                    otherwise: self.statements(otherwise),
                }
            }
            Some("while") => {
                let [_, condition, body] = self.keys(node, &shapes::WHILE);
                StatementKind::While { condition: self.child(condition, node), body: self.body(body, node) }
            }
            Some("for") => {
                let [_, init, condition, update, body] = self.keys(node, &shapes::FOR);
                StatementKind::For {
                    init: init.map(|init| Box::new(self.simple_statement(init, "init"))),
                    condition: self.child(condition, node),
                    update: update.map(|update| Box::new(self.simple_statement(update, "update"))),
                    body: self.body(body, node),
                }
            }
            Some("return") => {
                let [_, value] = self.keys(node, &shapes::RETURN);
                StatementKind::Return { value: value.map(|value| self.child(Some(value), node)) }
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
            _ => StatementKind::Invalid(self.wrong_type(node, "a statement", shapes::STATEMENTS)),
        };
        Statement { node: node.id(), kind }
    }

    fn assign(&mut self, node: Node<'_>) -> StatementKind {
        let [_, target, value] = self.keys(node, &shapes::ASSIGN);
        let target = self.name(target, Grammar::Plain, VARIABLE);
        let value = self.child(value, node);
        if let Some(target) = target {
            return StatementKind::Assign { target, value };
        }
        let mut invalid = Invalid::of([value]);
        for member in node.members() {
            if !matches!(&*member.key.as_str().unwrap_or_default(), "type" | "value") {
                self.names_in(member.value, &mut invalid.names);
            }
        }
        StatementKind::Invalid(invalid)
    }

    /// The `init` or `update` of a `for` statement.
    fn simple_statement(&mut self, node: Node<'_>, key: &str) -> Statement {
        let statement = self.statement_or_invalid(node);
        let is_compound = matches!(
            statement.kind,
            StatementKind::If { .. }
                | StatementKind::While { .. }
                | StatementKind::For { .. }
                | StatementKind::Return { .. }
        );
        if is_compound {
            self.report(Code::UnknownNode, object::member(node, "type").unwrap_or(node), || {
                Explanation::new(format!(
                    "the `{key}` of a `for` statement is an `assign` or `expr` statement"
                ))
                .help("move other statements before the loop or into its body")
            });
        }
        statement
    }

    /// Reports that the `type` of a statement or expression is missing, no string, or none of the known ones.
    pub(super) fn wrong_type(
        &mut self,
        node: Node<'_>,
        what: &str,
        types: &'static [&'static str],
    ) -> Invalid {
        self.report_type(node, what, types);
        self.parts(node)
    }

    /// Apart from what recurses as deep as the text.
    #[inline(never)]
    fn report_type(&mut self, node: Node<'_>, what: &str, types: &'static [&'static str]) {
        let node_type = object::member(node, "type");
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
    }

    /// What is understood of an object whose own meaning is not known.
    fn parts(&mut self, object: Node<'_>) -> Invalid {
        let mut invalid = Invalid::default();
        for member in object.members() {
            let name = member.key.as_str().unwrap_or_default();
            let value = member.value;
            match (&*name, value.kind()) {
                ("type", _) => {}
                ("body" | "then" | "else" | "args" | "elements" | "pairs", Kind::Array)
                | ("init" | "update", Kind::Object) => self.part(&name, value, &mut invalid),
                (
                    "cond" | "value" | "left" | "right" | "operand" | "object" | "index" | "key",
                    Kind::Object,
                ) => invalid.add(self.expression(value)),
                _ => self.names_in(value, &mut invalid.names),
            }
        }
        invalid
    }

    /// The statements or expressions under a key; apart from the single ones, which nest twice as deep.
    #[inline(never)]
    fn part(&mut self, key: &str, value: Node<'_>, invalid: &mut Invalid) {
        match key {
            "args" | "elements" => invalid.add_all(self.expressions(Some(value)).items),
            "pairs" => invalid.add_all(parts_of_pairs(self.pairs(Some(value)).items)),
            _ => invalid.parts.append(&mut self.statements(Some(value))),
        }
    }
}

/// The placeholder for what has been reported.
fn invalid(node: Node<'_>) -> Statement {
    Statement { node: node.id(), kind: StatementKind::Invalid(Invalid::default()) }
}
