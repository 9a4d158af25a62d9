//! From the typed tree to blocks of instructions.
//!
//! [`lower`] walks each function once, in the order of evaluation. An expression's lowering returns the register that
//! holds its value; the register of a variable is returned as it is, because nothing inside an expression can assign a
//! variable. Ownership is left open here and decided afterwards, in [`crate::ownership`].

mod builtin;
mod condition;
mod expression;
mod statement;

use alas_check::{FunctionInterface, FunctionReference, LocalId, Type, Typed};
use alas_syntax::NodeId;

use crate::builder::{Builder, Tables};
use crate::{Class, Function, Instruction, Ir, Operand, Register, ownership, reuse, taking};

/// Lowers a module.
#[must_use]
pub fn lower(typed: &Typed) -> Ir {
    let mut tables = Tables::default();
    let functions = typed.functions.iter().enumerate();
    let functions =
        functions.map(|(number, function)| lower_function(typed, (number, function), &mut tables)).collect();
    let (constants, kinds) = tables.into_parts();
    Ir {
        interface: typed.interface.clone(),
        modules: typed.modules.clone(),
        functions,
        constants,
        types: kinds,
        definitions: typed.definitions.clone(),
        locations: typed.locations.clone(),
    }
}

fn lower_function(
    typed: &Typed,
    (number, function): (usize, &alas_check::Function),
    tables: &mut Tables,
) -> Function {
    let declared = typed.interface.functions.get(number);
    let mut lowering = Lowering {
        typed,
        tables,
        builder: Builder::new(function.node),
        locals: Vec::new(),
        returns: &function.returns,
    };
    lowering.open(function, declared);
    match &function.body {
        Some(body) => {
            lowering.statements(body);
            lowering.close(function.node);
        }
        None => lowering.call_host(number, function),
    }
    let Lowering { builder, .. } = lowering;
    let mut lowered = Function {
        name: function.name.clone(),
        node: function.node,
        registers: builder.registers.clone(),
        parameters: function.parameter_count,
        result: Class::of(&function.returns),
        is_host: function.body.is_none(),
        blocks: builder.finish(),
    };
    reuse::reuse_reads(&mut lowered);
    ownership::decide(&mut lowered);
    taking::decide(&mut lowered);
    lowered
}

/// The state of lowering one function.
struct Lowering<'a> {
    typed: &'a Typed,
    tables: &'a mut Tables,
    builder: Builder,
    /// The register of each local.
    locals: Vec<Register>,
    returns: &'a Type,
}

impl Lowering<'_> {
    /// Makes the registers of parameters and variables.
    fn open(&mut self, function: &alas_check::Function, declared: Option<&FunctionInterface>) {
        let class_of_parameter = |index: usize| {
            let kind =
                declared.map_or(&function.locals[index].kind, |declared| &declared.parameters[index].kind);
            Class::of(kind)
        };
        let parameters: Vec<Register> = (0..function.parameter_count)
            .map(|index| self.builder.register(class_of_parameter(index)))
            .collect();
        for (index, local) in function.locals.iter().enumerate() {
            let class = Class::of(&local.kind);
            let register = match parameters.get(index) {
                // A parameter that the body assigns values of other types is copied to a wider variable.
                Some(parameter) if self.builder.class(*parameter) != class => {
                    self.builder.coerce(*parameter, class, None)
                }
                Some(parameter) => *parameter,
                None => self.builder.register(class),
            };
            self.locals.push(register);
        }
    }

    /// Ends a body that can end without `return`.
    fn close(&mut self, node: NodeId) {
        self.builder.node = node;
        if Class::of(self.returns) == Class::Dynamic {
            self.return_void();
        }
    }

    /// The whole of a function that the host implements: what it was called with goes to the host.
    fn call_host(&mut self, number: usize, function: &alas_check::Function) {
        let arguments = self.locals.iter().map(|register| Operand::from(*register)).collect();
        let to = self.builder.register(Class::of(&function.returns));
        self.builder.emit(Instruction::CallHost { to, function: number as u32, arguments });
        self.builder.end(crate::Terminator::Return(Operand::from(to)));
    }

    fn return_void(&mut self) {
        let to = self.builder.register(Class::Dynamic);
        self.builder.emit(Instruction::Void { to });
        self.builder.end(crate::Terminator::Return(Operand::from(to)));
    }

    fn local(&self, local: LocalId) -> Register {
        self.locals[local.0 as usize]
    }

    /// The declaration of a function that a call names.
    fn declaration(&self, reference: FunctionReference) -> &FunctionInterface {
        let interface = match reference.module {
            None => &self.typed.interface,
            Some(module) => &self.typed.modules[module as usize],
        };
        &interface.functions[reference.function as usize]
    }

    /// Makes a value of one type fit another, or fail when it runs.
    fn convert(&mut self, from: Register, kind: &Type, hint: Option<Register>) -> Register {
        let class = Class::of(kind);
        match (self.builder.class(from), kind) {
            (_, Type::Any | Type::Never) => self.builder.coerce(from, Class::Dynamic, hint),
            (Class::Int, Type::Int)
            | (Class::Float, Type::Float)
            | (Class::Bool, Type::Bool)
            | (Class::Text, Type::String) => from,
            (Class::Int, Type::Float) => self.builder.coerce(from, class, hint),
            _ => {
                let to = self.builder.destination(hint, class, &[]);
                let kind = self.tables.kind(kind);
                self.builder.emit(Instruction::Convert { to, from: Operand::from(from), kind });
                to
            }
        }
    }
}
