//! Expressions: names, operands, and the type of each.
//!
//! An expression that is wrong is reported once and has the type `any` from there on, which fits everywhere.

use std::sync::Arc;

use alas_syntax::{
    BinaryOperator, Code, Expression as Written, ExpressionKind as WrittenKind, Literal, MapPair, Name,
    NodeId, UnaryOperator,
};

use crate::convert::AWAIT_HELP;
use crate::function::FunctionChecker;
use crate::infer::constant_text;
use crate::rules::{AccessFault, Fault};
use crate::{Expression, ExpressionKind, NamedType, Type, rules, suggest};
use alas_syntax::{Explanation, clip};

impl<'m> FunctionChecker<'_, 'm> {
    /// Checks an expression.
    pub(crate) fn expression(&mut self, written: &'m Written) -> Expression {
        let node = written.node;
        let (kind, value) = match &written.kind {
            WrittenKind::Literal(literal) => {
                (rules::literal(literal), ExpressionKind::Literal(literal.clone()))
            }
            WrittenKind::Variable(name) => self.variable(name),
            WrittenKind::Binary { operator, left, right } => {
                let left = self.expression(left);
                let right = self.expression(right);
                let kind = match rules::binary(*operator, &left.kind, &right.kind) {
                    Ok(kind) => kind,
                    Err(fault) => self.wrong_operands(node, *operator, (&left, &right), fault),
                };
                (kind, ExpressionKind::Binary(*operator, Box::new(left), Box::new(right)))
            }
            WrittenKind::Unary { operator, operand } => {
                let operand = self.expression(operand);
                let kind = rules::unary(*operator, &operand.kind)
                    .unwrap_or_else(|| self.wrong_operand(*operator, &operand));
                (kind, ExpressionKind::Unary(*operator, Box::new(operand)))
            }
            WrittenKind::Call { .. } | WrittenKind::ModuleCall { .. } | WrittenKind::Builtin { .. } => {
                self.any_call(written)
            }
            WrittenKind::Array(elements) => {
                let elements: Vec<Expression> =
                    elements.iter().map(|element| self.expression(element)).collect();
                let element = rules::join_all(elements.iter().map(|element| &element.kind));
                (rules::capped(Type::array(element)), ExpressionKind::Array(elements))
            }
            WrittenKind::Map(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|pair| self.pair(pair)).collect();
                let entry = rules::join_all(pairs.iter().map(|(_, value)| &value.kind));
                (rules::capped(Type::map(entry)), ExpressionKind::Map(pairs))
            }
            WrittenKind::Index { object, index } => {
                let constant = constant_text(index);
                let object = self.expression(object);
                let index = self.expression(index);
                let kind = match rules::index(&object.kind, &index.kind, constant, self.shapes) {
                    Ok(kind) => kind,
                    Err(fault) => self.wrong_access(&object, (&index, constant.unwrap_or_default()), &fault),
                };
                (kind, ExpressionKind::Index(Box::new(object), Box::new(index)))
            }
            WrittenKind::Field { object, field } => {
                let object = self.expression(object);
                let kind = match rules::field(&object.kind, &field.text, self.shapes) {
                    Ok(kind) => kind,
                    Err(fault) => self.wrong_field(&object, field, &fault),
                };
                (kind, ExpressionKind::Field(Box::new(object), Arc::clone(&field.text)))
            }
            WrittenKind::Invalid(invalid) => {
                self.invalid(invalid);
                failed()
            }
        };
        // What never has a value is dynamic, so that no consumer has to know types without values.
        let kind = if kind == Type::Never { Type::Any } else { kind };
        Expression { node, kind, value }
    }

    fn variable(&mut self, name: &'m Name) -> (Type, ExpressionKind) {
        let Some(local) = self.locals.find(&name.text) else {
            if !self.declared.has_all_parameters {
                return failed();
            }
            let names = self.locals.names();
            let is_function = self.scope.interface.function(&name.text).is_some();
            self.findings.report(Code::UnknownVariable, name.node, || {
                let message =
                    format!("nothing assigns the variable `{}` in `{}`", name.text, self.declared.name);
                Explanation::new(message).help(if is_function {
                    format!("`{}` is a function: call it with an expression of type `call`", name.text)
                } else {
                    suggest::help(&name.text, "variables here", names)
                })
            });
            return failed();
        };
        if !self.assigned.may_read(local) {
            self.findings.report(Code::UnassignedVariable, name.node, || {
                let message = format!("the variable `{}` is not assigned on every path to here", name.text);
                Explanation::new(message)
                    .help("assign it on every path, for example at the start of the function")
            });
            // Whoever reads on has been told.
            self.assigned.assign(local);
        }
        (self.locals.kind(local).clone(), ExpressionKind::Variable(local))
    }

    fn pair(&mut self, pair: &'m MapPair) -> (Expression, Expression) {
        let key = self.expression(&pair.key);
        if !rules::is_key(&key.kind) {
            let found = self.describe(&key);
            self.findings.report(Code::TypeMismatch, key.node, || {
                Explanation::new(format!(
                    "expected a string, int, float or bool as the key of a map, found {found}"
                ))
                .help(if key.kind == Type::Task {
                    AWAIT_HELP
                } else {
                    "make text of it with `type.toString`"
                })
            });
        }
        (key, self.expression(&pair.value))
    }

    fn wrong_operands(
        &mut self,
        node: NodeId,
        operator: BinaryOperator,
        (left, right): (&Expression, &Expression),
        fault: Fault,
    ) -> Type {
        let operands = [(fault == Fault::Left, left, "left"), (fault == Fault::Right, right, "right")];
        for (_, operand, side) in operands.iter().filter(|(alone, ..)| *alone || fault == Fault::Both) {
            let found = self.describe(operand);
            self.findings.report(Code::TypeMismatch, operand.node, || {
                let message = format!(
                    "expected {} on the {side} of `{}`, found {found}",
                    takes(operator),
                    operator.symbol()
                );
                Explanation::new(message).maybe_help(operand_help(operator, &operand.kind))
            });
        }
        if fault == Fault::Together {
            let (left_found, right_found) = (self.describe(left), self.describe(right));
            self.findings.report(Code::TypeMismatch, node, || {
                let message = format!(
                    "expected {} for `{}`, found {left_found} and {right_found}",
                    takes_together(operator),
                    operator.symbol()
                );
                let odd = if left.kind.is_numeric() { right } else { left };
                Explanation::new(message).maybe_help(operand_help(operator, &odd.kind))
            });
        }
        Type::Any
    }

    fn wrong_operand(&mut self, operator: UnaryOperator, operand: &Expression) -> Type {
        let found = self.describe(operand);
        self.findings.report(Code::TypeMismatch, operand.node, || {
            Explanation::new(format!("expected a number after `{}`, found {found}", operator.symbol()))
                .maybe_help(operand_help(BinaryOperator::Subtract, &operand.kind))
        });
        Type::Any
    }

    fn wrong_access(
        &mut self,
        object: &Expression,
        (index, name): (&Expression, &str),
        fault: &AccessFault,
    ) -> Type {
        match (fault, &object.kind) {
            (AccessFault::Field, Type::Struct(structure)) => self.unknown_field(index.node, structure, name),
            (AccessFault::Index(expected), kind) => {
                let found = self.describe(index);
                self.findings.report(Code::TypeMismatch, index.node, || {
                    let what = match kind {
                        Type::Array(_) => "the index of an array",
                        Type::Map(_) | Type::Struct(_) => "the key of a map",
                        Type::String | Type::Enum(_) => "the index of a string",
                        _ => "an index or key",
                    };
                    let help = match (kind, &index.kind) {
                        (Type::Array(_) | Type::String | Type::Enum(_), Type::String | Type::Float) => {
                            Some("convert it with `type.toInt`".to_owned())
                        }
                        _ => None,
                    };
                    Explanation::new(format!("expected {expected} as {what}, found {found}")).maybe_help(help)
                });
            }
            _ => {
                let found = self.describe(object);
                self.findings.report(Code::TypeMismatch, object.node, || {
                    Explanation::new(format!("expected an array, map or string to index, found {found}"))
                });
            }
        }
        Type::Any
    }

    fn wrong_field(&mut self, object: &Expression, field: &Name, fault: &AccessFault) -> Type {
        if let (AccessFault::Field, Type::Struct(structure)) = (fault, &object.kind) {
            self.unknown_field(field.node, structure, &field.text);
        } else {
            let found = self.describe(object);
            self.findings.report(Code::TypeMismatch, object.node, || {
                let name = clip(&field.text);
                Explanation::new(format!(
                    "expected a map or struct to take the field `{name}` of, found {found}"
                ))
            });
        }
        Type::Any
    }

    /// Reports the name of a field that a struct does not have.
    pub(crate) fn unknown_field(&mut self, node: NodeId, structure: &NamedType, name: &str) {
        let kind = Type::Struct(structure.clone());
        let fields = self.shapes.fields(&kind).unwrap_or_default();
        self.findings.report(Code::UnknownField, node, || {
            let names = fields.iter().map(|(name, _)| &**name);
            Explanation::new(format!("the struct `{}` has no field `{}`", structure.name, clip(name)))
                .help(suggest::help(name, &format!("fields of `{}`", structure.name), names))
        });
    }
}

/// What stands in the tree for an expression that is no expression.
pub(crate) const fn failed() -> (Type, ExpressionKind) {
    (Type::Any, ExpressionKind::Literal(Literal::Void))
}

const fn takes(operator: BinaryOperator) -> &'static str {
    use BinaryOperator as Op;
    match operator {
        Op::Add => "a number, string or array",
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => "a number or string",
        _ => "a number",
    }
}

const fn takes_together(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "two numbers, two arrays, or a string on one side",
        _ => "two numbers or two strings",
    }
}

fn operand_help(operator: BinaryOperator, found: &Type) -> Option<String> {
    let help = match (operator, found) {
        (_, Type::Void) => "a function without `return`, or with a `return` without value, gives void",
        (_, Type::String | Type::Enum(_)) => "make a number of text with `type.toInt` or `type.toFloat`",
        (_, Type::Task) => AWAIT_HELP,
        (_, Type::Bool) => "make a number of a bool with `type.toInt`",
        (BinaryOperator::Add, Type::Map(_) | Type::Struct(_)) => {
            "put two maps together with `map.merge`, make text with `type.toString`"
        }
        (BinaryOperator::Add, Type::Array(_)) => {
            "add an element to an array with `collections.append`, make text with `type.toString`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}
