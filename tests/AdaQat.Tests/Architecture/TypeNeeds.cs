using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AdaQat.Tests.Architecture;

/// <summary>
/// Collects the types of its own assembly that a type needs, from metadata and IL. What is nested, by hand or by the compiler (lambdas,
/// iterators), counts for the outermost type on both sides.
/// </summary>
internal sealed class TypeNeeds
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private TypeNeeds()
    {
    }

    public static IReadOnlyCollection<string> Of(TypeDefinition type)
    {
        var needs = new TypeNeeds();
        needs.AddDefinition(type);
        return needs._names;
    }

    private void AddDefinition(TypeDefinition type)
    {
        Add(type.BaseType);
        AddAttributes(type);
        AddGenericParameters(type);
        foreach (var implemented in type.Interfaces)
        {
            Add(implemented.InterfaceType);
            AddAttributes(implemented);
        }

        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        foreach (var member in type.Properties.Concat<ICustomAttributeProvider>(type.Events))
        {
            AddAttributes(member);
        }

        foreach (var method in type.Methods)
        {
            AddMethod(method);
        }

        foreach (var nested in type.NestedTypes)
        {
            AddDefinition(nested);
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        AddSignature(method);
        AddAttributes(method);
        AddAttributes(method.MethodReturnType);
        AddGenericParameters(method);
        foreach (var parameter in method.Parameters)
        {
            AddAttributes(parameter);
        }

        foreach (var overridden in method.Overrides)
        {
            AddOperand(overridden);
        }

        if (method.HasBody)
        {
            AddBody(method.Body);
        }
    }

    private void AddBody(MethodBody body)
    {
        foreach (var local in body.Variables)
        {
            Add(local.VariableType);
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            Add(handler.CatchType);
        }

        foreach (var instruction in body.Instructions)
        {
            AddOperand(instruction.Operand);
        }
    }

    private void AddOperand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type:
                Add(type);
                break;
            case FieldReference field:
                Add(field.DeclaringType);
                break;
            case GenericInstanceMethod method:
                Add(method.DeclaringType);
                AddAll(method.GenericArguments);
                break;
            case MethodReference method:
                Add(method.DeclaringType);
                break;
            case CallSite site:
                AddSignature(site);
                break;
        }
    }

    private void AddSignature(IMethodSignature signature)
    {
        Add(signature.ReturnType);
        AddAll(signature.Parameters.Select(parameter => parameter.ParameterType));
    }

    private void AddGenericParameters(IGenericParameterProvider provider)
    {
        foreach (var parameter in provider.GenericParameters)
        {
            AddAttributes(parameter);
            AddAll(parameter.Constraints.Select(constraint => constraint.ConstraintType));
        }
    }

    private void AddAttributes(ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType);
            var named = attribute.Fields.Concat(attribute.Properties).Select(argument => argument.Argument);
            foreach (var argument in attribute.ConstructorArguments.Concat(named))
            {
                AddArgument(argument);
            }
        }
    }

    private void AddArgument(CustomAttributeArgument argument)
    {
        Add(argument.Type);
        switch (argument.Value)
        {
            case TypeReference type:
                Add(type);
                break;
            case CustomAttributeArgument boxed:
                AddArgument(boxed);
                break;
            case CustomAttributeArgument[] several:
                Array.ForEach(several, AddArgument);
                break;
        }
    }

    private void AddAll(IEnumerable<TypeReference> types)
    {
        foreach (var type in types)
        {
            Add(type);
        }
    }

    private void Add(TypeReference? type)
    {
        switch (type)
        {
            case GenericInstanceType generic:
                Add(generic.ElementType);
                AddAll(generic.GenericArguments);
                break;
            case FunctionPointerType pointer:
                AddSignature(pointer);
                break;
            case IModifierType modified:
                Add(modified.ModifierType);
                Add(modified.ElementType);
                break;
            case TypeSpecification specification:
                Add(specification.ElementType);
                break;
            case TypeDefinition { DeclaringType: { } outer }:
                Add(outer);
                break;
            case TypeDefinition definition when AssemblyTypes.IsWritten(definition):
                _names.Add(definition.FullName);
                break;
        }
    }
}
