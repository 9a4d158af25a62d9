//! Visiting every expression of a function, in the order of the text, those inside placeholders included.

use alas_syntax::{Expression, ExpressionKind, Statement, StatementKind};

/// Visits the expressions of these statements, each before its parts.
pub(crate) fn statements<'m>(list: &'m [Statement], visit: &mut impl FnMut(&'m Expression)) {
    for statement in list {
        match &statement.kind {
            StatementKind::Assign { value, .. } | StatementKind::Expression { value } => {
                expression(value, visit);
            }
            StatementKind::If { condition, then, otherwise } => {
                expression(condition, visit);
                statements(then, visit);
                statements(otherwise, visit);
            }
            StatementKind::While { condition, body } => {
                expression(condition, visit);
                statements(body, visit);
            }
            StatementKind::For { init, condition, update, body } => {
                for single in init.iter().chain(update) {
                    statements(std::slice::from_ref(single), visit);
                }
                expression(condition, visit);
                statements(body, visit);
            }
            StatementKind::Return { value } => expressions(value.as_slice(), visit),
            StatementKind::Invalid(invalid) => statements(&invalid.parts, visit),
        }
    }
}

fn expression<'m>(root: &'m Expression, visit: &mut impl FnMut(&'m Expression)) {
    visit(root);
    match &root.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Variable(_) => {}
        ExpressionKind::Binary { left, right, .. } => {
            expression(left, visit);
            expression(right, visit);
        }
        ExpressionKind::Unary { operand, .. } => expression(operand, visit),
        ExpressionKind::Call { arguments, .. }
        | ExpressionKind::ModuleCall { arguments, .. }
        | ExpressionKind::Builtin { arguments, .. } => expressions(arguments, visit),
        ExpressionKind::Array(elements) => expressions(elements, visit),
        ExpressionKind::Map(pairs) => {
            for pair in pairs {
                expression(&pair.key, visit);
                expression(&pair.value, visit);
            }
        }
        ExpressionKind::Index { object, index } => {
            expression(object, visit);
            expression(index, visit);
        }
        ExpressionKind::Field { object, .. } => expression(object, visit),
        ExpressionKind::Invalid(invalid) => statements(&invalid.parts, visit),
    }
}

fn expressions<'m>(list: &'m [Expression], visit: &mut impl FnMut(&'m Expression)) {
    for each in list {
        expression(each, visit);
    }
}
