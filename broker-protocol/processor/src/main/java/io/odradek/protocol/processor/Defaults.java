package io.odradek.protocol.processor;

/** The Java expression of the value that a field has where it is not on the wire. */
final class Defaults {
    private Defaults() {}

    /**
     * {@return the expression}
     *
     * @param text the declared default, null without one
     * @throws IllegalArgumentException if the text is not a value of the type
     */
    static String expression(FieldType type, String text) {
        if (text == null) {
            return implicit(type);
        }
        if (text.equals("null")) {
            if (!type.isReference()) {
                throw new IllegalArgumentException("a " + type.javaType() + " cannot be null");
            }
            return "null";
        }
        if (type instanceof FieldType.Primitive primitive) {
            return primitive(primitive, text);
        }
        if (type instanceof FieldType.Sized sized && sized.wireName().equals("String")) {
            return quoted(text);
        }
        throw new IllegalArgumentException("a " + type.javaType() + " can have no default but null");
    }

    private static String implicit(FieldType type) {
        if (type instanceof FieldType.Array) {
            return "List.of()";
        }
        if (type instanceof FieldType.Structure structure) {
            return CodecNames.defaultOf(structure.declaration());
        }
        if (type instanceof FieldType.Sized sized) {
            return switch (sized.wireName()) {
                case "String" -> "\"\"";
                case "Bytes" -> "WireReader.NO_BYTES";
                default -> "BytesPayload.EMPTY";
            };
        }
        FieldType.Primitive primitive = (FieldType.Primitive) type;
        return switch (primitive.wireName()) {
            case "Boolean" -> "false";
            case "Uuid" -> "Uuid.ZERO";
            case "ErrorCode" -> "ErrorCode.NONE";
            default -> primitive(primitive, "0");
        };
    }

    private static String primitive(FieldType.Primitive type, String text) {
        try {
            return switch (type.wireName()) {
                case "Boolean" -> bool(text);
                case "Int8" -> "(byte) " + bounded(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
                case "Int16" -> "(short) " + bounded(text, Short.MIN_VALUE, Short.MAX_VALUE);
                case "Unsigned16" -> String.valueOf(bounded(text, 0, 0xffff));
                case "Int32" -> String.valueOf(bounded(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
                case "Int64" -> Long.decode(text) + "L";
                case "Float64" -> Double.parseDouble(text) + "d";
                case "ErrorCode" -> "ErrorCode.of((short) " + bounded(text, Short.MIN_VALUE, Short.MAX_VALUE) + ")";
                default -> throw new IllegalArgumentException("a " + type.javaType() + " can have no default but null");
            };
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(notAValue(text, type), notANumber);
        }
    }

    private static String bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a boolean");
        }
        return text;
    }

    private static long bounded(String text, long min, long max) {
        long value = Long.decode(text);
        if (value < min || value > max) {
            throw new NumberFormatException("out of range");
        }
        return value;
    }

    private static String notAValue(String text, FieldType type) {
        return "\"" + text + "\" is not a value of " + type.javaType();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
