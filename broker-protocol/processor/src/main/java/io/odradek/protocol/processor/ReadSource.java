package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Primitive;
import io.odradek.protocol.processor.FieldType.Sized;
import io.odradek.protocol.processor.FieldType.Structure;
import io.odradek.protocol.processor.VersionRange.Coverage;
import java.util.List;

/** The reading methods of a codec. Each keeps the name of the field it is at, for the path of a failure. */
final class ReadSource {
    private final MessageDeclaration message;
    private final Conditions when;
    private final SourceText body;

    ReadSource(MessageDeclaration message, SourceText body) {
        this.message = message;
        this.when = new Conditions(message);
        this.body = body;
    }

    void struct(StructDeclaration struct) {
        body.line("private static " + struct.javaName() + " read" + struct.simpleName()
                + "(WireReader in, short version) {");
        when.declareFlexible(body);
        body.line("String field = \"\";");
        body.line("try {");
        StringBuilder arguments = new StringBuilder();
        throttleTime(struct, "");
        for (FieldDeclaration field : struct.fields()) {
            declare(struct, field);
            throttleTime(struct, field.name());
            arguments.append(arguments.length() == 0 ? "" : ", ").append(CodecNames.local(field.name()));
        }
        tagSection(struct);
        body.line("return new " + struct.javaName() + "(" + arguments + ");");
        body.line("} catch (MalformedMessageException malformed) {");
        body.line("throw malformed.inside(field);");
        body.line("}").line("}").line("");
        for (FieldDeclaration field : struct.fields()) {
            if (field.type() instanceof Array array) {
                array(CodecNames.array(struct, field), field, array, true);
            }
        }
    }

    /** Passes over the throttle time, which is not part of the record. */
    private void throttleTime(StructDeclaration struct, String after) {
        if (struct == message.root() && message.traits().isThrottledAfter(after)) {
            boolean block = when.open(body, message.traits().throttled());
            body.line("field = \"throttleTimeMs\";");
            body.line("in.readInt32();");
            if (block) {
                body.line("}");
            }
        }
    }

    private void declare(StructDeclaration struct, FieldDeclaration field) {
        String local = CodecNames.local(field.name());
        VersionRange untagged = field.untagged();
        String declaration = field.type().javaType() + " " + local + " = ";
        switch (untagged.coverageOf(message.versions())) {
            case NEVER -> body.line(declaration + field.defaultExpression() + ";");
            case ALWAYS -> {
                at(field);
                body.line(declaration + value(struct, field, untagged) + ";");
            }
            case SOMETIMES -> {
                body.line(declaration + field.defaultExpression() + ";");
                body.line("if (" + when.in(untagged) + ") {");
                at(field);
                body.line(local + " = " + value(struct, field, untagged) + ";");
                body.line("}");
            }
        }
    }

    /** Says which field is next, and charges the object that it is, if it is one. */
    private void at(FieldDeclaration field) {
        body.line("field = \"" + field.name() + "\";");
        int heapBytes = field.type().ownHeapBytes();
        if (heapBytes > 0) {
            body.line("in.charge(" + heapBytes + ");");
        }
    }

    private String value(StructDeclaration struct, FieldDeclaration field, VersionRange among) {
        FieldType type = field.type();
        if (type instanceof Primitive primitive) {
            return "in.read" + primitive.wireName() + "()";
        }
        if (type instanceof Array) {
            return "read" + CodecNames.array(struct, field) + "(in, version)";
        }
        Coverage nullability = field.nullability(among);
        String isNullable = field.nullable().conditionWithin(among);
        if (type instanceof Structure structure) {
            String read = "read" + structure.declaration().simpleName() + "(in, version)";
            return switch (nullability) {
                case NEVER -> read;
                case ALWAYS -> "in.readStructurePresent() ? " + read + " : null";
                case SOMETIMES -> "(" + isNullable + ") && !in.readStructurePresent() ? null : " + read;
            };
        }
        String name = ((Sized) type).wireName();
        return either(nullability, isNullable, name, "(" + when.compact(field, among) + ")");
    }

    private static String either(Coverage nullability, String isNullable, String name, String arguments) {
        return switch (nullability) {
            case NEVER -> "in.read" + name + arguments;
            case ALWAYS -> "in.readNullable" + name + arguments;
            case SOMETIMES -> isNullable + " ? in.readNullable" + name + arguments + " : in.read" + name + arguments;
        };
    }

    private void array(String name, FieldDeclaration field, Array array, boolean outermost) {
        String compact = when.compact(field, field.present());
        body.line("private static " + array.javaType() + " read" + name + "(WireReader in, short version) {");
        if (compact.equals("flexible")) {
            when.declareFlexible(body);
        }
        Coverage nullability = outermost ? field.nullability(field.present()) : Coverage.NEVER;
        body.line("int count = "
                + either(
                        nullability,
                        field.nullable().conditionWithin(field.present()),
                        "ArrayLength",
                        "(" + compact + ", " + minElementBytes(field, array) + ")")
                + ";");
        body.line("if (count <= 0) {");
        body.line(nullability == Coverage.NEVER ? "return List.of();" : "return count == 0 ? List.of() : null;");
        body.line("}");
        body.line(array.javaType() + " elements = in.newList(count, " + array.elementHeapBytes() + ");");
        body.line("int index = 0;");
        body.line("try {");
        body.line("for (; index < count; index++) {");
        body.line("elements.add(" + element(name, field, array.element(), compact) + ");");
        body.line("}");
        body.line("} catch (MalformedMessageException malformed) {");
        body.line("throw malformed.insideElement(index);");
        body.line("}");
        body.line("return elements;");
        body.line("}").line("");
        if (array.element() instanceof Array inner) {
            array(name + "Element", field, inner, false);
        }
    }

    private String element(String name, FieldDeclaration field, FieldType element, String compact) {
        if (element instanceof Primitive primitive) {
            return "in.read" + primitive.wireName() + "()";
        }
        if (element instanceof Sized sized) {
            return "in.read" + sized.wireName() + "(" + compact + ")";
        }
        return element instanceof Structure structure
                ? "read" + structure.declaration().simpleName() + "(in, version)"
                : "read" + name + "Element(in, version)";
    }

    private int minElementBytes(FieldDeclaration field, Array array) {
        int least = Integer.MAX_VALUE;
        for (int version = field.present().min(); version <= field.present().max(); version++) {
            least = Math.min(least, array.element().minBytes(field.compact().contains(version), version));
        }
        return Math.max(1, least);
    }

    private void tagSection(StructDeclaration struct) {
        if (when.neverFlexible()) {
            return;
        }
        boolean block = when.flexibleVaries();
        if (block) {
            body.line("if (flexible) {");
        }
        body.line("field = \"(tagged fields)\";");
        List<FieldDeclaration> tagged = struct.taggedFields();
        if (tagged.isEmpty()) {
            body.line("in.skipTaggedFields();");
        } else {
            tagLoop(struct, tagged);
        }
        if (block) {
            body.line("}");
        }
    }

    private void tagLoop(StructDeclaration struct, List<FieldDeclaration> tagged) {
        body.line("int tag = -1;");
        body.line("for (int left = in.readTagCount(); left > 0; left--) {");
        body.line("field = \"(tagged fields)\";");
        body.line("tag = in.readTag(tag);");
        body.line("int end = in.readTaggedFieldEnd();");
        String branch = "if";
        for (FieldDeclaration field : tagged) {
            boolean always = field.tagged().coverageOf(message.flexible()) == Coverage.ALWAYS;
            String versions = always ? "" : " && " + field.tagged().conditionWithin(message.flexible());
            body.line(branch + " (tag == " + field.tag() + versions + ") {");
            at(field);
            body.line(CodecNames.local(field.name()) + " = " + value(struct, field, field.tagged()) + ";");
            body.line("in.expectAt(end);");
            branch = "} else if";
        }
        body.line("} else {");
        body.line("in.skipTo(end);");
        body.line("}").line("}");
    }
}
