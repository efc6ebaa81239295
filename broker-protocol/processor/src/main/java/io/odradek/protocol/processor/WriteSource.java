package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Primitive;
import io.odradek.protocol.processor.FieldType.Sized;
import io.odradek.protocol.processor.FieldType.Structure;
import io.odradek.protocol.processor.VersionRange.Coverage;
import java.util.List;
import java.util.StringJoiner;

/** The writing methods of a codec. */
final class WriteSource {
    private final MessageDeclaration message;
    private final Conditions when;
    private final SourceText body;

    WriteSource(MessageDeclaration message, SourceText body) {
        this.message = message;
        this.when = new Conditions(message);
        this.body = body;
    }

    void struct(StructDeclaration struct) {
        body.line("private static void write" + struct.simpleName() + "(WireWriter out, " + struct.javaName()
                + " value, short version" + (isResponse(struct) ? ", int throttleTimeMs" : "") + ") {");
        when.declareFlexible(body);
        throttleTime(struct, "");
        for (FieldDeclaration field : struct.fields()) {
            if (!field.untagged().isEmpty()) {
                boolean block = when.open(body, field.untagged());
                field(struct, field, field.untagged());
                if (block) {
                    body.line("}");
                }
            }
            throttleTime(struct, field.name());
        }
        tagSection(struct);
        body.line("}").line("");
        for (FieldDeclaration field : struct.fields()) {
            if (field.type() instanceof Array array) {
                array(CodecNames.array(struct, field), struct, field, array, true);
            }
        }
    }

    private boolean isResponse(StructDeclaration struct) {
        return message.kind() == MessageDeclaration.Kind.RESPONSE && struct == message.root();
    }

    private void throttleTime(StructDeclaration struct, String after) {
        if (isResponse(struct) && message.traits().isThrottledAfter(after)) {
            boolean block = when.open(body, message.traits().throttled());
            body.line("out.writeInt32(throttleTimeMs);");
            if (block) {
                body.line("}");
            }
        }
    }

    private void field(StructDeclaration struct, FieldDeclaration field, VersionRange among) {
        String value = "value." + field.name() + "()";
        FieldType type = field.type();
        if (type instanceof Primitive primitive) {
            boolean hasNull = !Character.isLowerCase(primitive.javaType().charAt(0));
            body.line("out.write" + primitive.wireName() + "(" + (hasNull ? required(struct, field, value) : value)
                    + ");");
        } else if (type instanceof Array) {
            body.line("write" + CodecNames.array(struct, field) + "(out, " + value + ", version);");
        } else if (type instanceof Structure structure) {
            structure(struct, field, structure, among);
        } else {
            sized(struct, field, (Sized) type, among);
        }
    }

    private void sized(StructDeclaration struct, FieldDeclaration field, Sized type, VersionRange among) {
        String value = "value." + field.name() + "()";
        String compact = ", " + when.compact(field, among) + ");";
        String nullable = "out.writeNullable" + type.wireName() + "(" + value + compact;
        String never = "out.write" + type.wireName() + "(" + required(struct, field, value) + compact;
        switch (field.nullability(among)) {
            case ALWAYS -> body.line(nullable);
            case NEVER -> body.line(never);
            case SOMETIMES -> {
                body.line("if (" + field.nullable().conditionWithin(among) + ") {");
                body.line(nullable);
                body.line("} else {");
                body.line(never);
                body.line("}");
            }
        }
    }

    private void structure(StructDeclaration struct, FieldDeclaration field, Structure type, VersionRange among) {
        String value = "value." + field.name() + "()";
        String write = "write" + type.declaration().simpleName() + "(out, ";
        String never = write + required(struct, field, value) + ", version);";
        if (field.nullability(among) == Coverage.NEVER) {
            body.line(never);
            return;
        }
        boolean sometimes = field.nullability(among) == Coverage.SOMETIMES;
        if (sometimes) {
            body.line("if (" + field.nullable().conditionWithin(among) + ") {");
        }
        body.line("out.writeStructurePresent(" + value + " != null);");
        body.line("if (" + value + " != null) {");
        body.line(write + value + ", version);");
        body.line("}");
        if (sometimes) {
            body.line("} else {");
            body.line(never);
            body.line("}");
        }
    }

    private void array(String name, StructDeclaration struct, FieldDeclaration field, Array array, boolean outermost) {
        String compact = when.compact(field, field.present());
        body.line("private static void write" + name + "(WireWriter out, " + array.javaType()
                + " elements, short version) {");
        if (compact.equals("flexible")) {
            when.declareFlexible(body);
        }
        Coverage nullability = outermost ? field.nullability(field.present()) : Coverage.NEVER;
        if (nullability != Coverage.NEVER) {
            String among = nullability == Coverage.ALWAYS
                    ? ""
                    : " && (" + field.nullable().conditionWithin(field.present()) + ")";
            body.line("if (elements == null" + among + ") {");
            body.line("out.writeNullArray(" + compact + ");");
            body.line("return;");
            body.line("}");
        }
        String size = nullability == Coverage.ALWAYS ? "elements" : required(struct, field, "elements");
        body.line("out.writeArrayLength(" + size + ".size(), " + compact + ");");
        body.line("for (" + array.element().boxedType() + " element : elements) {");
        body.line(element(name, array.element(), compact));
        body.line("}").line("}").line("");
        if (array.element() instanceof Array inner) {
            array(name + "Element", struct, field, inner, false);
        }
    }

    private static String element(String name, FieldType element, String compact) {
        if (element instanceof Primitive primitive) {
            return "out.write" + primitive.wireName() + "(element);";
        }
        if (element instanceof Sized sized) {
            return "out.write" + sized.wireName() + "(element, " + compact + ");";
        }
        return element instanceof Structure structure
                ? "write" + structure.declaration().simpleName() + "(out, element, version);"
                : "write" + name + "Element(out, element, version);";
    }

    private void tagSection(StructDeclaration struct) {
        if (when.neverFlexible()) {
            return;
        }
        boolean block = when.flexibleVaries();
        if (block) {
            body.line("if (flexible) {");
        }
        List<FieldDeclaration> tagged = struct.taggedFields();
        if (tagged.isEmpty()) {
            body.line("out.writeUnsignedVarint(0);");
        } else {
            tags(struct, tagged);
        }
        if (block) {
            body.line("}");
        }
    }

    private void tags(StructDeclaration struct, List<FieldDeclaration> tagged) {
        StringBuilder count = new StringBuilder();
        for (FieldDeclaration field : tagged) {
            boolean always = field.tagged().coverageOf(message.flexible()) == Coverage.ALWAYS;
            String versions = always ? "" : field.tagged().conditionWithin(message.flexible()) + " && ";
            body.line("boolean " + has(field) + " = " + versions + "(" + differs(field, "value") + ");");
            count.append(count.length() == 0 ? "" : " + ").append("(" + has(field) + " ? 1 : 0)");
        }
        body.line("out.writeUnsignedVarint(" + count + ");");
        for (FieldDeclaration field : tagged) {
            body.line("if (" + has(field) + ") {");
            body.line("int start = out.beginTaggedField(" + field.tag() + ");");
            field(struct, field, field.tagged());
            body.line("out.endTaggedField(start);");
            body.line("}");
        }
    }

    private static String has(FieldDeclaration field) {
        return "has" + CodecNames.capitalized(field.name());
    }

    private static String differs(FieldDeclaration field, String holder) {
        String value = holder + "." + field.name() + "()";
        if (field.defaultIsNull()) {
            return value + " != null";
        }
        FieldType type = field.type();
        if (type instanceof Array) {
            return value + " == null || !" + value + ".isEmpty()";
        }
        if (type instanceof Structure structure) {
            return value + " == null || " + anyDiffers(structure.declaration(), value);
        }
        boolean identity =
                type instanceof Primitive primitive && !primitive.wireName().equals("Uuid");
        return identity
                ? value + " != " + field.defaultExpression()
                : "!" + field.defaultExpression() + ".equals(" + value + ")";
    }

    /** Field by field: a record's own equals is linked when it is first called, which costs a cold start milliseconds. */
    private static String anyDiffers(StructDeclaration struct, String holder) {
        StringJoiner any = new StringJoiner(" || ");
        for (FieldDeclaration field : struct.fields()) {
            any.add(differs(field, holder));
        }
        return any.toString();
    }

    private static String required(StructDeclaration struct, FieldDeclaration field, String value) {
        return "WireWriter.required(" + value + ", \"" + struct.simpleName() + "." + field.name() + "\")";
    }
}
