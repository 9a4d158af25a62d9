//! One function: its variables, its statements, and whether it returns.

use alas_syntax::{
    Code, Expression as Written, ExpressionKind as WrittenKind, Invalid, Literal,
    Statement as WrittenStatement,
};
use alas_syntax::{Function as WrittenFunction, StatementKind as WrittenStatementKind};

use crate::assignment::Assigned;
use crate::called::Called;
use crate::convert::Role;
use crate::infer::{self, Locals};
use crate::modules::Scope;
use crate::shapes::Shapes;
use crate::{Expression, Function, FunctionInterface, LocalId, Permissions, Statement, StatementKind, Type};
use alas_syntax::{Explanation, Findings};

/// What the functions of a module can see.
pub(crate) struct Surroundings<'m> {
    pub(crate) scope: Scope<'m>,
    pub(crate) shapes: Shapes<'m>,
    pub(crate) permissions: &'m Permissions,
}

/// What checking functions adds to.
#[derive(Default)]
pub(crate) struct Results {
    pub(crate) findings: Findings,
    pub(crate) called: Called,
}

/// One function while it is checked.
pub(crate) struct FunctionChecker<'c, 'm> {
    pub(crate) scope: &'m Scope<'m>,
    pub(crate) shapes: &'m Shapes<'m>,
    pub(crate) permissions: &'m Permissions,
    pub(crate) findings: &'c mut Findings,
    pub(crate) called: &'c mut Called,
    pub(crate) declared: &'m FunctionInterface,
    pub(crate) locals: Locals<'m>,
    pub(crate) assigned: Assigned,
}

impl<'c, 'm> FunctionChecker<'c, 'm> {
    /// Finds the variables of a function and their types.
    pub(crate) fn new(
        function: &'m WrittenFunction,
        declared: &'m FunctionInterface,
        surroundings: &'m Surroundings<'m>,
        results: &'c mut Results,
    ) -> Self {
        let Surroundings { scope, shapes, permissions } = surroundings;
        let locals = infer::locals(function, declared, scope, shapes);
        let assigned = Assigned::new(locals.list.len(), locals.parameters);
        let Results { findings, called } = results;
        Self { scope, shapes, permissions, findings, called, declared, locals, assigned }
    }

    /// Checks the function and builds its typed tree. When there were findings, the tree is only good for
    /// dropping.
    pub(crate) fn check(mut self, function: &'m WrittenFunction) -> Function {
        let body = function.body.as_ref().map(|body| self.block(body));
        if body.is_some() && self.assigned.is_reachable() && needs_value(&self.declared.returns) {
            self.missing_return(function);
        }
        Function {
            name: function.name.text.clone(),
            node: function.node,
            locals: self.locals.list,
            parameter_count: self.locals.parameters,
            returns: self.declared.returns.clone(),
            body,
        }
    }

    fn missing_return(&mut self, function: &'m WrittenFunction) {
        self.findings.report(Code::MissingReturn, function.name.node, || {
            let name = &function.name.text;
            let message = format!(
                "the function `{name}` declares the result {}, but can end without returning one: {}",
                self.declared.returns,
                open_path(function.statements())
            );
            Explanation::new(message)
                .help("return a value on every path, or declare the result `any` or `void`")
        });
    }

    fn block(&mut self, statements: &'m [WrittenStatement]) -> Vec<Statement> {
        statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, statement: &'m WrittenStatement) -> Statement {
        let kind = match &statement.kind {
            WrittenStatementKind::Assign { target, value } => {
                let value = self.expression(value);
                // Every target was entered when the variables were collected.
                let local = self.locals.find(&target.text).unwrap_or(LocalId(0));
                debug_assert!(
                    self.locals.kind(local).join(&value.kind) == *self.locals.kind(local),
                    "`{}` is {} and is assigned {}",
                    target.text,
                    self.locals.kind(local),
                    value.kind
                );
                self.assigned.assign(local);
                StatementKind::Assign(local, value)
            }
            WrittenStatementKind::If { condition, then, otherwise } => {
                let condition = self.expression(condition);
                let mark = self.assigned.enter();
                let then = self.block(then);
                let one = self.assigned.take_back(mark);
                let otherwise = self.block(otherwise);
                let other = self.assigned.take_back(mark);
                self.assigned.meet(&one, &other);
                StatementKind::If(condition, then, otherwise)
            }
            WrittenStatementKind::While { condition, body } => self.repeat(condition, None, body),
            WrittenStatementKind::For { init, condition, update, body } => {
                let init = init.as_ref().map(|init| Box::new(self.statement(init)));
                let update = update.as_deref();
                match self.repeat(condition, update, body) {
                    StatementKind::Loop { condition, update, body, .. } => {
                        StatementKind::Loop { init, condition, update, body }
                    }
                    other => other,
                }
            }
            WrittenStatementKind::Return { value } => {
                let kind = self.leave(statement, value.as_ref());
                self.assigned.leave();
                kind
            }
            WrittenStatementKind::Expression { value } => StatementKind::Discard(self.expression(value)),
            WrittenStatementKind::Invalid(invalid) => {
                self.invalid(invalid);
                // It may assign variables, or leave the function: what follows is checked as if nothing reached it.
                self.assigned.leave();
                StatementKind::Return(None)
            }
        };
        Statement { node: statement.node, kind }
    }

    /// Checks what was understood of a statement or expression that was not.
    pub(crate) fn invalid(&mut self, invalid: &'m Invalid) {
        for name in &invalid.names {
            if let Some(local) = self.locals.find(name) {
                self.assigned.assign(local);
            }
        }
        self.block(&invalid.parts);
    }

    /// A loop. Its body may run not at all, so that what it assigns does not count behind it.
    fn repeat(
        &mut self,
        condition: &'m Written,
        update: Option<&'m WrittenStatement>,
        body: &'m [WrittenStatement],
    ) -> StatementKind {
        let endless = is_endless(condition);
        let condition = self.expression(condition);
        let mark = self.assigned.enter();
        let body = self.block(body);
        let update = update.map(|update| Box::new(self.statement(update)));
        self.assigned.take_back(mark);
        if endless {
            self.assigned.leave();
        }
        StatementKind::Loop { init: None, condition, update, body }
    }

    fn leave(&mut self, statement: &'m WrittenStatement, value: Option<&'m Written>) -> StatementKind {
        let declared = &self.declared.returns;
        let name = &*self.declared.name;
        let Some(value) = value else {
            if needs_value(declared) {
                self.findings.report(Code::TypeMismatch, statement.node, || {
                    Explanation::new(format!(
                        "expected {declared} for the result of `{name}`, found `return` without value"
                    ))
                    .help("give the `return` a `value`, or declare no result")
                });
            }
            return StatementKind::Return(None);
        };
        let value = self.expression(value);
        StatementKind::Return(Some(self.coerce(value, declared, &Role::Result(name))))
    }

    /// The type of an expression in words, and where it comes from when a name can say so.
    pub(crate) fn describe(&self, expression: &Expression) -> String {
        use crate::ExpressionKind as Kind;
        let kind = &expression.kind;
        match &expression.value {
            Kind::Variable(local) => {
                let name = &self.locals.list[local.0 as usize].name;
                format!("{kind} (the variable `{name}`)")
            }
            Kind::Builtin(builtin, ..) => format!("{kind} (the result of `{}`)", builtin.row().name),
            Kind::Field(_, name) => format!("{kind} (the field `{}`)", alas_syntax::clip(name)),
            Kind::Call(reference, _) => match self.called.name(*reference, self.scope) {
                Some(name) => format!("{kind} (the result of `{name}`)"),
                None => kind.to_string(),
            },
            _ => kind.to_string(),
        }
    }
}

/// Whether a function with this declared result has to return a value.
const fn needs_value(declared: &Type) -> bool {
    !matches!(declared, Type::Void | Type::Any)
}

/// Whether a loop with this condition never ends, for all that is known.
fn is_endless(condition: &Written) -> bool {
    matches!(condition.kind, WrittenKind::Literal(Literal::Bool(true)) | WrittenKind::Invalid(_))
}

/// Whether a body can reach its end.
fn reaches_end(statements: &[WrittenStatement]) -> bool {
    !statements.iter().any(|statement| match &statement.kind {
        WrittenStatementKind::Return { .. } | WrittenStatementKind::Invalid(_) => true,
        WrittenStatementKind::If { then, otherwise, .. } => !reaches_end(then) && !reaches_end(otherwise),
        WrittenStatementKind::While { condition, .. } | WrittenStatementKind::For { condition, .. } => {
            is_endless(condition)
        }
        WrittenStatementKind::Assign { .. } | WrittenStatementKind::Expression { .. } => false,
    })
}

/// Says how a body that can reach its end does so.
fn open_path(statements: &[WrittenStatement]) -> String {
    let Some(last) = statements.last() else { return "a body is empty".to_owned() };
    match &last.kind {
        WrittenStatementKind::If { otherwise, .. } if otherwise.is_empty() => {
            "the last `if` has no `else`".to_owned()
        }
        WrittenStatementKind::If { then, .. } if reaches_end(then) => {
            format!("in the `then` of the last `if`, {}", open_path(then))
        }
        WrittenStatementKind::If { otherwise, .. } => {
            format!("in the `else` of the last `if`, {}", open_path(otherwise))
        }
        WrittenStatementKind::While { .. } | WrittenStatementKind::For { .. } => {
            "the last statement is a loop, which can end or not run at all".to_owned()
        }
        _ => "the last statement is no `return`".to_owned(),
    }
}
