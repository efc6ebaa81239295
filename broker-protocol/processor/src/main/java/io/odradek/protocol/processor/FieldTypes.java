package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Primitive;
import io.odradek.protocol.processor.FieldType.Sized;
import io.odradek.protocol.processor.FieldType.Structure;
import javax.lang.model.element.Element;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Which wire type a Java type stands for. */
final class FieldTypes {
    private static final Primitive UNSIGNED_16 = new Primitive("int", "Integer", "Unsigned16", 2);
    private static final Primitive INT_32 = new Primitive("int", "Integer", "Int32", 4);

    private final StructSource structs;

    /** Finds the declaration of a record that a field holds. */
    interface StructSource {
        StructDeclaration of(TypeElement type, Element usedBy) throws DeclarationException;
    }

    FieldTypes(StructSource structs) {
        this.structs = structs;
    }

    FieldType of(RecordComponentElement component) throws DeclarationException {
        boolean unsigned = Annotations.has(component, "Unsigned16");
        FieldType type = of(component.asType(), component);
        if (!unsigned) {
            return type;
        }
        if (!type.equals(INT_32)) {
            throw new DeclarationException(component, "an @Unsigned16 is an int");
        }
        return UNSIGNED_16;
    }

    private FieldType of(TypeMirror type, Element usedBy) throws DeclarationException {
        if (type.getKind().isPrimitive()) {
            FieldType primitive = primitive(type.getKind());
            if (primitive == null) {
                throw new DeclarationException(usedBy, type + " is not a type that a message can hold");
            }
            return primitive;
        }
        if (type.getKind() != TypeKind.DECLARED) {
            throw new DeclarationException(usedBy, type + " is not a type that a message can hold");
        }
        TypeElement element = (TypeElement) ((DeclaredType) type).asElement();
        return switch (element.getQualifiedName().toString()) {
            case "java.lang.String" -> new Sized("String", "String", 2);
            case "java.nio.ByteBuffer" -> new Sized("ByteBuffer", "Bytes", 4);
            case "io.odradek.protocol.wire.Payload" -> new Sized("Payload", "Records", 4);
            case "io.odradek.protocol.wire.Uuid" -> new Primitive("Uuid", "Uuid", "Uuid", 16);
            case "io.odradek.protocol.errors.ErrorCode" -> new Primitive("ErrorCode", "ErrorCode", "ErrorCode", 2);
            case "java.util.List" -> array((DeclaredType) type, usedBy);
            default -> new Structure(structs.of(element, usedBy));
        };
    }

    private FieldType array(DeclaredType type, Element usedBy) throws DeclarationException {
        if (type.getTypeArguments().size() != 1) {
            throw new DeclarationException(usedBy, "an array is a List of something");
        }
        TypeMirror element = type.getTypeArguments().get(0);
        FieldType boxed = switch (element.toString()) {
            case "java.lang.Byte" -> primitive(TypeKind.BYTE);
            case "java.lang.Short" -> primitive(TypeKind.SHORT);
            case "java.lang.Integer" -> INT_32;
            case "java.lang.Long" -> primitive(TypeKind.LONG);
            default -> null;
        };
        return new Array(boxed != null ? boxed : of(element, usedBy));
    }

    private static Primitive primitive(TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> new Primitive("boolean", "Boolean", "Boolean", 1);
            case BYTE -> new Primitive("byte", "Byte", "Int8", 1);
            case SHORT -> new Primitive("short", "Short", "Int16", 2);
            case INT -> INT_32;
            case LONG -> new Primitive("long", "Long", "Int64", 8);
            case DOUBLE -> new Primitive("double", "Double", "Float64", 8);
            default -> null;
        };
    }
}
