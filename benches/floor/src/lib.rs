//! The floor of a call: a PHP function of the shape of `Verifier::isValid()` that does nothing.

use ext_php_rs::args::Arg;
use ext_php_rs::builders::{FunctionBuilder, ModuleBuilder};
use ext_php_rs::flags::DataType;
use ext_php_rs::php_module;
use ext_php_rs::types::Zval;
use ext_php_rs::zend::ExecuteData;

/// It does not look at its arguments, as nothing that uses them could be the floor.
extern "C" fn hw_floor(_: &mut ExecuteData, result: &mut Zval) {
    result.set_bool(true);
}

#[php_module]
fn module(module: ModuleBuilder) -> ModuleBuilder {
    module.name("hw_floor").function(
        FunctionBuilder::new("hw_floor", hw_floor)
            .arg(Arg::new("headers", DataType::Array))
            .arg(Arg::new("payload", DataType::String))
            .arg(Arg::new("method", DataType::String))
            .arg(Arg::new("target", DataType::String))
            .arg(Arg::new("now", DataType::Long))
            .returns(DataType::Bool, false, false),
    )
}
