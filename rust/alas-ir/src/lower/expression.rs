//! Expressions.

use alas_check::{Builtin, Expression, ExpressionKind, FunctionReference, Type};
use alas_syntax::{BinaryOperator, Literal, UnaryOperator};

use super::Lowering;
use crate::{Arithmetic, Class, Compared, Comparison, Instruction, Operand, Register, Target, Unary};

/// How many elements or entries one instruction makes a literal of.
const PIECE: usize = 1000;

impl Lowering<'_> {
    /// Evaluates an expression. The result is in a register of the class of its type: in `hint`, if that was possible.
    pub(super) fn expression(&mut self, expression: &Expression, hint: Option<Register>) -> Register {
        let outer = std::mem::replace(&mut self.builder.node, expression.node);
        let register = self.value(expression, hint);
        let register = self.builder.coerce(register, Class::of(&expression.kind), hint);
        self.builder.node = outer;
        register
    }

    /// The value in whichever class was easiest.
    fn value(&mut self, expression: &Expression, hint: Option<Register>) -> Register {
        match &expression.value {
            ExpressionKind::Literal(literal) => self.literal(literal, hint),
            ExpressionKind::Variable(local) => self.local(*local),
            ExpressionKind::Binary(operator, left, right) => self.binary(*operator, left, right, hint),
            ExpressionKind::Unary(operator, operand) => self.unary(*operator, operand, hint),
            ExpressionKind::Call(function, arguments) => self.call(*function, arguments, hint),
            ExpressionKind::Builtin(builtin, callees, arguments) => {
                self.builtin(*builtin, callees, arguments, &expression.kind, hint)
            }
            ExpressionKind::Array(elements) => self.array(elements),
            ExpressionKind::Map(pairs) => self.map(pairs),
            ExpressionKind::Index(object, index) => {
                let object = self.expression(object, None);
                let index = self.expression(index, None);
                self.index(object, index, &expression.kind, hint)
            }
            ExpressionKind::Field(object, field) => {
                let object = self.expression(object, None);
                let field = self.tables.constant(field);
                let object = if self.builder.class(object) == Class::Map {
                    object
                } else {
                    self.builder.coerce(object, Class::Dynamic, None)
                };
                let to = self.builder.destination(hint, Class::of(&expression.kind), &[]);
                self.builder.emit(Instruction::Field { to, object, field, take: false });
                to
            }
            ExpressionKind::Convert(operand) => {
                if let (ExpressionKind::Literal(Literal::Int(value)), Type::Float) =
                    (&operand.value, &expression.kind)
                {
                    return self.builder.scalar(hint, Literal::Float(nearest(*value)));
                }
                let hint_fits = Class::of(&operand.kind) == Class::of(&expression.kind);
                let operand = self.expression(operand, hint.filter(|_| hint_fits));
                self.convert(operand, &expression.kind, hint)
            }
        }
    }

    fn literal(&mut self, literal: &Literal, hint: Option<Register>) -> Register {
        match literal {
            Literal::Bool(_) | Literal::Int(_) | Literal::Float(_) => {
                self.builder.scalar(hint, literal.clone())
            }
            Literal::String(text) => {
                let value = self.tables.constant(text);
                let to = self.builder.destination(hint, Class::Text, &[]);
                self.builder.emit(Instruction::Text { to, value });
                to
            }
            Literal::Void => {
                let to = self.builder.destination(hint, Class::Dynamic, &[]);
                self.builder.emit(Instruction::Void { to });
                to
            }
        }
    }

    pub(super) fn operands(&mut self, expressions: &[Expression]) -> Vec<Operand> {
        expressions.iter().map(|expression| Operand::from(self.expression(expression, None))).collect()
    }

    /// An array of these elements. What goes beyond a piece is appended one by one, so that no literal is too long for
    /// the operands of one instruction.
    fn array(&mut self, elements: &[Expression]) -> Register {
        let (first, rest) = elements.split_at(elements.len().min(PIECE));
        let elements = self.operands(first);
        let to = self.builder.register(Class::Array);
        self.builder.emit(Instruction::NewArray { to, elements });
        for element in rest {
            let value = self.expression(element, None).into();
            self.builder.emit(Instruction::ArrayPush { to, array: to.into(), value });
        }
        to
    }

    /// A map of these pairs, as [`Lowering::array`].
    fn map(&mut self, pairs: &[(Expression, Expression)]) -> Register {
        let (first, rest) = pairs.split_at(pairs.len().min(PIECE));
        let mut entries = Vec::with_capacity(first.len());
        for (key, value) in first {
            let key = self.expression(key, None);
            entries.push((key.into(), self.expression(value, None).into()));
        }
        let to = self.builder.register(Class::Map);
        self.builder.emit(Instruction::NewMap { to, entries });
        for (key, value) in rest {
            let key = self.expression(key, None);
            let value = self.expression(value, None).into();
            let key = self.key(key);
            self.builder.emit(Instruction::MapPut { to, map: to.into(), key, value });
        }
        to
    }

    fn call(
        &mut self,
        function: FunctionReference,
        arguments: &[Expression],
        hint: Option<Register>,
    ) -> Register {
        let classes: Vec<Class> = self
            .declaration(function)
            .parameters
            .iter()
            .map(|parameter| Class::of(&parameter.kind))
            .collect();
        let result = Class::of(&self.declaration(function).returns);
        let arguments: Vec<Operand> = arguments
            .iter()
            .zip(classes)
            .map(|(argument, class)| {
                let register = self.expression(argument, None);
                Operand::from(self.builder.coerce(register, class, None))
            })
            .collect();
        if let Some(module) = function.module
            && self.declaration(function).is_async
        {
            return self.start(module, function.function, arguments);
        }
        let to = self.builder.destination(hint, result, &[]);
        self.builder.emit(Instruction::Call { to, target: Target::Function(function), arguments });
        to
    }

    /// A call of another module's function that starts a task: `async.spawn` with the numbers of both, which no program can
    /// write, in place of a name.
    fn start(&mut self, module: u32, function: u32, mut arguments: Vec<Operand>) -> Register {
        let rest = arguments.split_off(arguments.len().min(PIECE));
        let list = self.builder.register(Class::Array);
        self.builder.emit(Instruction::NewArray { to: list, elements: arguments });
        for value in rest {
            self.builder.emit(Instruction::ArrayPush { to: list, array: list.into(), value });
        }
        let module = self.builder.scalar(None, Literal::Int(module.into()));
        let function = self.builder.scalar(None, Literal::Int(function.into()));
        let to = self.builder.register(Class::Dynamic);
        let arguments = vec![module.into(), function.into(), list.into()];
        self.builder.emit(Instruction::CallBuiltin { to, builtin: Builtin::AsyncSpawn, arguments });
        to
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expression, hint: Option<Register>) -> Register {
        if operator == UnaryOperator::Not {
            let register = self.expression(operand, None);
            let register = self.truth(register, None);
            return self.builder.unary(hint, Unary::Not, register);
        }
        let register = self.expression(operand, None);
        match self.builder.class(register) {
            Class::Int => self.builder.unary(hint, Unary::NegateInt, register),
            Class::Float => self.builder.unary(hint, Unary::NegateFloat, register),
            _ => {
                let from = Operand::from(self.builder.coerce(register, Class::Dynamic, None));
                let to = self.builder.destination(hint, Class::Dynamic, &[]);
                self.builder.emit(Instruction::DynamicNegate { to, from });
                to
            }
        }
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        hint: Option<Register>,
    ) -> Register {
        if matches!(operator, BinaryOperator::And | BinaryOperator::Or) {
            return self.short_circuit(operator, left, right);
        }
        let node = self.builder.node;
        let left = self.operand_beside(left, &right.kind);
        let right = self.operand_beside(right, &left.1);
        self.builder.node = node;
        let (left, right) = (left.0, right.0);
        if let Some(comparison) = comparison_of(operator) {
            return self.compare(comparison, left, right, hint);
        }
        let classes = (self.builder.class(left), self.builder.class(right));
        match (arithmetic_of(operator), classes) {
            (Some(operator), (Class::Int, Class::Int)) => {
                let to = self.builder.destination(hint, Class::Int, &[]);
                self.builder.emit(Instruction::IntArithmetic { operator, to, left, right });
                to
            }
            (Some(operator), (Class::Int | Class::Float, Class::Int | Class::Float)) => {
                let left = self.builder.coerce(left, Class::Float, None);
                let right = self.builder.coerce(right, Class::Float, None);
                let to = self.builder.destination(hint, Class::Float, &[]);
                self.builder.emit(Instruction::FloatArithmetic { operator, to, left, right });
                to
            }
            (Some(Arithmetic::Add), (Class::Text, _) | (_, Class::Text)) => self.concat(left, right, hint),
            _ => {
                let left = Operand::from(self.builder.coerce(left, Class::Dynamic, None));
                let right = Operand::from(self.builder.coerce(right, Class::Dynamic, None));
                let to = self.builder.destination(hint, Class::Dynamic, &[right.register]);
                self.builder.emit(Instruction::DynamicBinary { operator, to, left, right });
                to
            }
        }
    }

    /// An operand; an int literal beside a float becomes a float at once, when that is exact.
    fn operand_beside(&mut self, expression: &Expression, other: &Type) -> (Register, Type) {
        if let (ExpressionKind::Literal(Literal::Int(value)), Type::Float) = (&expression.value, other)
            && value.unsigned_abs() <= 1 << 53
        {
            return (self.builder.scalar(None, Literal::Float(nearest(*value))), Type::Float);
        }
        (self.expression(expression, None), expression.kind.clone())
    }

    pub(super) fn concat(&mut self, left: Register, right: Register, hint: Option<Register>) -> Register {
        let left = self.text_of(left);
        let right = if self.builder.class(right) == Class::Int { right } else { self.text_of(right) };
        let to = self.builder.destination(hint, Class::Text, &[right]);
        self.builder.emit(Instruction::Concat { to, left: Operand::from(left), right });
        to
    }

    fn text_of(&mut self, register: Register) -> Register {
        match self.builder.class(register) {
            Class::Text => register,
            _ => self.builder.unary(None, Unary::ToText, register),
        }
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        left: Register,
        right: Register,
        hint: Option<Register>,
    ) -> Register {
        let (comparison, compared, left, right) = match (self.builder.class(left), self.builder.class(right))
        {
            (Class::Int, Class::Int) | (Class::Bool, Class::Bool) => {
                (comparison, Compared::Ints, left, right)
            }
            (Class::Float, Class::Float) => (comparison, Compared::Floats, left, right),
            (Class::Int, Class::Float) => (comparison, Compared::IntFloat, left, right),
            (Class::Float, Class::Int) => (mirrored(comparison), Compared::IntFloat, right, left),
            (Class::Text, Class::Text) => (comparison, Compared::Texts, left, right),
            _ => {
                let left = self.builder.coerce(left, Class::Dynamic, None);
                let right = self.builder.coerce(right, Class::Dynamic, None);
                (comparison, Compared::Dynamic, left, right)
            }
        };
        let to = self.builder.destination(hint, Class::Bool, &[]);
        self.builder.emit(Instruction::Compare { comparison, compared, to, left, right });
        to
    }

    /// `object[index]`, in the class of its type.
    pub(super) fn index(
        &mut self,
        object: Register,
        index: Register,
        kind: &Type,
        hint: Option<Register>,
    ) -> Register {
        let class = Class::of(kind);
        match (self.builder.class(object), self.builder.class(index)) {
            (Class::Array, Class::Int) => {
                let to = self.builder.destination(hint, class, &[]);
                self.builder.emit(Instruction::ArrayGet { to, array: object, index, take: false });
                to
            }
            (Class::Map, Class::Int | Class::Text | Class::Dynamic) => {
                let to = self.builder.destination(hint, class, &[]);
                self.builder.emit(Instruction::MapGet {
                    to,
                    map: object,
                    key: index,
                    default: None,
                    take: false,
                });
                to
            }
            (Class::Text, Class::Int) => {
                let to = self.builder.destination(hint, Class::Text, &[]);
                self.builder.emit(Instruction::Index { to, object, index, take: false });
                to
            }
            _ => {
                let object = self.builder.coerce(object, Class::Dynamic, None);
                let index = self.builder.coerce(index, Class::Dynamic, None);
                let to = self.builder.register(Class::Dynamic);
                self.builder.emit(Instruction::Index { to, object, index, take: false });
                to
            }
        }
    }
}

fn comparison_of(operator: BinaryOperator) -> Option<Comparison> {
    Some(match operator {
        BinaryOperator::Equal => Comparison::Equal,
        BinaryOperator::NotEqual => Comparison::NotEqual,
        BinaryOperator::Less => Comparison::Less,
        BinaryOperator::LessOrEqual => Comparison::LessOrEqual,
        BinaryOperator::Greater => Comparison::Greater,
        BinaryOperator::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic_of(operator: BinaryOperator) -> Option<Arithmetic> {
    Some(match operator {
        BinaryOperator::Add => Arithmetic::Add,
        BinaryOperator::Subtract => Arithmetic::Subtract,
        BinaryOperator::Multiply => Arithmetic::Multiply,
        BinaryOperator::Divide => Arithmetic::Divide,
        BinaryOperator::Remainder => Arithmetic::Remainder,
        _ => return None,
    })
}

/// The comparison that holds of (b, a) when the given one holds of (a, b).
fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal | Comparison::NotEqual => comparison,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}

#[expect(clippy::cast_precision_loss, reason = "widening an int rounds to the nearest float by definition")]
fn nearest(value: i64) -> f64 {
    value as f64
}
