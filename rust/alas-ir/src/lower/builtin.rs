//! Standard functions: the frequent ones become instructions, the higher-order ones loops.

use alas_check::{Builtin, Callee, Expression, Type};
use alas_syntax::Literal;

use super::Lowering;
use crate::{
    Arithmetic, BlockId, Class, Compared, Comparison, Instruction, Operand, Register, Target, Terminator,
    Unary,
};

/// The loop over an array that a higher-order function becomes.
struct Loop {
    array: Register,
    index: Register,
    test: BlockId,
    round: BlockId,
    after: BlockId,
}

impl Lowering<'_> {
    /// A call of a standard function; `kind` is the type of its result.
    pub(super) fn builtin(
        &mut self,
        builtin: Builtin,
        callees: &[Callee],
        arguments: &[Expression],
        kind: &Type,
        hint: Option<Register>,
    ) -> Register {
        if let Some(callee) = callees.first() {
            return self.higher_order(builtin, *callee, arguments);
        }
        let registers: Vec<Register> =
            arguments.iter().map(|argument| self.expression(argument, None)).collect();
        if let Some(register) = self.intrinsic(builtin, &registers, kind, hint) {
            return register;
        }
        let arguments = registers.into_iter().map(Operand::from).collect();
        let to = self.builder.register(Class::Dynamic);
        self.builder.emit(Instruction::CallBuiltin { to, builtin, arguments });
        to
    }

    /// The call as an instruction, when there is one for arguments of these classes.
    fn intrinsic(
        &mut self,
        builtin: Builtin,
        arguments: &[Register],
        kind: &Type,
        hint: Option<Register>,
    ) -> Option<Register> {
        let classes: Vec<Class> = arguments.iter().map(|register| self.builder.class(*register)).collect();
        let register = match (builtin, classes.as_slice()) {
            (Builtin::CollectionsAppend | Builtin::ArrayPush, [Class::Array, _]) => {
                let to = self.builder.destination(hint, Class::Array, &arguments[1..]);
                let (array, value) = (arguments[0].into(), arguments[1].into());
                self.builder.emit(Instruction::ArrayPush { to, array, value });
                to
            }
            (Builtin::ArraySet, [Class::Array, Class::Int, _]) => {
                let to = self.builder.destination(hint, Class::Array, &arguments[1..]);
                let (array, index, value) = (arguments[0].into(), arguments[1], arguments[2].into());
                self.builder.emit(Instruction::ArraySet { to, array, index, value });
                to
            }
            (Builtin::ArrayGet, [Class::Array, Class::Int]) => {
                self.index(arguments[0], arguments[1], kind, hint)
            }
            (Builtin::MapGet, [Class::Map | Class::Dynamic, ..]) => {
                let class = Class::of(kind);
                let key = self.key(arguments[1]);
                let default =
                    arguments.get(2).map(|default| Operand::from(self.builder.coerce(*default, class, None)));
                // The default is put into the destination before the key is read.
                let reads: Vec<Register> =
                    default.iter().map(|operand| operand.register).chain([key]).collect();
                let to = self.builder.destination(hint, class, &reads);
                self.builder.emit(Instruction::MapGet { to, map: arguments[0], key, default, take: false });
                to
            }
            (Builtin::MapContains | Builtin::CollectionsContains, [Class::Map, _]) => {
                let key = self.key(arguments[1]);
                let to = self.builder.destination(hint, Class::Bool, &[]);
                self.builder.emit(Instruction::MapContains { to, map: arguments[0], key });
                to
            }
            (Builtin::MapPut, [Class::Map, ..]) => {
                let key = self.key(arguments[1]);
                let to = self.builder.destination(hint, Class::Map, &[key, arguments[2]]);
                let (map, value) = (arguments[0].into(), arguments[2].into());
                self.builder.emit(Instruction::MapPut { to, map, key, value });
                to
            }
            (Builtin::CollectionsLength | Builtin::StringLength, [Class::Text]) => {
                self.builder.unary(hint, Unary::TextLength, arguments[0])
            }
            (Builtin::CollectionsLength, [Class::Array]) => {
                self.builder.unary(hint, Unary::ArrayLength, arguments[0])
            }
            (Builtin::CollectionsLength | Builtin::MapSize, [Class::Map]) => {
                self.builder.unary(hint, Unary::MapLength, arguments[0])
            }
            (Builtin::StringConcat, [Class::Text, Class::Text]) => {
                self.concat(arguments[0], arguments[1], hint)
            }
            (Builtin::TypeToString, _) => self.builder.unary(hint, Unary::ToText, arguments[0]),
            (Builtin::MathSqrt, [Class::Int | Class::Float]) => {
                let value = self.builder.coerce(arguments[0], Class::Float, None);
                self.builder.unary(hint, Unary::SquareRoot, value)
            }
            _ => return None,
        };
        Some(register)
    }

    /// A key in one of the classes that the map instructions take.
    pub(super) fn key(&mut self, register: Register) -> Register {
        match self.builder.class(register) {
            Class::Int | Class::Text | Class::Dynamic => register,
            _ => self.builder.coerce(register, Class::Dynamic, None),
        }
    }

    fn higher_order(&mut self, builtin: Builtin, callee: Callee, arguments: &[Expression]) -> Register {
        let elements = &arguments[0].kind;
        let registers: Vec<Register> =
            arguments.iter().map(|argument| self.expression(argument, None)).collect();
        match builtin {
            Builtin::ArrayMap => self.array_map(callee, &registers, elements),
            Builtin::ArrayFilter => self.array_filter(callee, &registers, elements),
            Builtin::ArrayReduce => self.array_reduce(callee, &registers, elements),
            Builtin::ResultTry => {
                let function = self.checked(registers[0], &Type::String);
                let arguments = self.checked(registers[1], &Type::array(Type::Any));
                let to = self.builder.register(Class::Map);
                self.builder.emit(Instruction::Try { to, function, arguments });
                to
            }
            Builtin::AsyncSpawn | Builtin::AsyncTimeout => {
                let arguments = registers.into_iter().map(Operand::from).collect();
                let to = self.builder.register(Class::Dynamic);
                self.builder.emit(Instruction::CallBuiltin { to, builtin, arguments });
                to
            }
            other => unreachable!("`{}` takes no function", other.row().name),
        }
    }

    /// An argument that must have a type.
    fn checked(&mut self, register: Register, kind: &Type) -> Register {
        if self.builder.class(register) == Class::of(kind) {
            return register;
        }
        self.convert(register, kind, None)
    }

    fn array_map(&mut self, callee: Callee, arguments: &[Register], elements: &Type) -> Register {
        let array = self.checked(arguments[0], &Type::array(Type::Any));
        let name = self.checked(arguments[1], &Type::String);
        let result = self.builder.register(Class::Array);
        self.builder.emit(Instruction::NewArray { to: result, elements: Vec::new() });
        let walk = self.begin_loop(array);
        let element = self.element(&walk, elements);
        let value = self.callback(callee, name, &[element]);
        let (array, value) = (result.into(), value.into());
        self.builder.emit(Instruction::ArrayPush { to: result, array, value });
        self.end_loop(&walk);
        result
    }

    fn array_filter(&mut self, callee: Callee, arguments: &[Register], elements: &Type) -> Register {
        let array = self.checked(arguments[0], &Type::array(Type::Any));
        let name = self.checked(arguments[1], &Type::String);
        let result = self.builder.register(Class::Array);
        self.builder.emit(Instruction::NewArray { to: result, elements: Vec::new() });
        let walk = self.begin_loop(array);
        let element = self.element(&walk, elements);
        let verdict = self.callback(callee, name, &[element]);
        let condition = self.truth(verdict, None);
        let (keep, next) = (self.builder.block(), self.builder.block());
        self.builder.end(Terminator::Branch { condition, then: keep, otherwise: next, back: false });
        self.builder.enter(keep);
        let (array, value) = (result.into(), element.into());
        self.builder.emit(Instruction::ArrayPush { to: result, array, value });
        self.builder.jump(next);
        self.builder.enter(next);
        self.end_loop(&walk);
        result
    }

    fn array_reduce(&mut self, callee: Callee, arguments: &[Register], elements: &Type) -> Register {
        let array = self.checked(arguments[0], &Type::array(Type::Any));
        let name = self.checked(arguments[1], &Type::String);
        // A register of its own: the start value may be a variable, which keeps its value.
        let start = self.builder.coerce(arguments[2], Class::Dynamic, None);
        let result = self.builder.register(Class::Dynamic);
        self.builder.emit(Instruction::Move { to: result, from: start.into() });
        let walk = self.begin_loop(array);
        let element = self.element(&walk, elements);
        let value = self.callback(callee, name, &[result, element]);
        let value = self.builder.coerce(value, Class::Dynamic, None);
        self.builder.emit(Instruction::Move { to: result, from: value.into() });
        self.end_loop(&walk);
        result
    }

    /// Opens a loop over all positions of an array and enters its round.
    fn begin_loop(&mut self, array: Register) -> Loop {
        let index = self.builder.register(Class::Int);
        self.builder.emit(Instruction::Scalar { to: index, value: Literal::Int(0) });
        let (test, round, after) = (self.builder.block(), self.builder.block(), self.builder.block());
        self.builder.jump(test);
        self.builder.enter(round);
        Loop { array, index, test, round, after }
    }

    /// The element that the round is about.
    fn element(&mut self, walk: &Loop, array: &Type) -> Register {
        let class = match array {
            Type::Array(element) => Class::of(element),
            _ => Class::Dynamic,
        };
        let to = self.builder.register(class);
        self.builder.emit(Instruction::ArrayGet { to, array: walk.array, index: walk.index, take: false });
        to
    }

    /// Closes the loop and goes on after it.
    fn end_loop(&mut self, walk: &Loop) {
        let one = self.builder.scalar(None, Literal::Int(1));
        let (left, to) = (walk.index, walk.index);
        self.builder.emit(Instruction::IntArithmetic { operator: Arithmetic::Add, to, left, right: one });
        self.builder.jump(walk.test);
        self.builder.enter(walk.test);
        let length = self.builder.unary(None, Unary::ArrayLength, walk.array);
        let condition = self.builder.register(Class::Bool);
        self.builder.emit(Instruction::Compare {
            comparison: Comparison::Less,
            compared: Compared::Ints,
            to: condition,
            left: walk.index,
            right: length,
        });
        self.builder.end(Terminator::Branch {
            condition,
            then: walk.round,
            otherwise: walk.after,
            back: true,
        });
        self.builder.enter(walk.after);
    }

    /// Calls the function that a higher-order function was given.
    fn callback(&mut self, callee: Callee, name: Register, arguments: &[Register]) -> Register {
        match callee {
            Callee::Known(function) => {
                let kinds: Vec<Type> = self
                    .declaration(function)
                    .parameters
                    .iter()
                    .map(|parameter| parameter.kind.clone())
                    .collect();
                let result = Class::of(&self.declaration(function).returns);
                let arguments = arguments
                    .iter()
                    .zip(&kinds)
                    .map(|(register, kind)| Operand::from(self.convert(*register, kind, None)))
                    .collect();
                let to = self.builder.register(result);
                self.builder.emit(Instruction::Call { to, target: Target::Function(function), arguments });
                to
            }
            Callee::Dynamic => {
                let arguments = arguments.iter().map(|register| Operand::from(*register)).collect();
                let to = self.builder.register(Class::Dynamic);
                self.builder.emit(Instruction::Call { to, target: Target::Named(name), arguments });
                to
            }
        }
    }
}
