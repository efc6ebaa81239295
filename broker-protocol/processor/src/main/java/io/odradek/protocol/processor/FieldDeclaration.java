package io.odradek.protocol.processor;

import io.odradek.protocol.processor.VersionRange.Coverage;

/**
 * A component of a declared record. All ranges are within the versions of its message.
 *
 * @param name the component's name
 * @param type what it is on the wire
 * @param present the versions in which it is on the wire, tagged or not
 * @param nullable the versions in which it may be null
 * @param compact the versions in which its length, if it has one, is compact
 * @param tagged the versions in which it is a tagged field
 * @param details its tag, its default, and what it is in an error answer
 */
record FieldDeclaration(
        String name,
        FieldType type,
        VersionRange present,
        VersionRange nullable,
        VersionRange compact,
        VersionRange tagged,
        Details details) {

    /**
     * @param tag the tag number, -1 without one
     * @param defaultExpression the Java expression of its value where it is not on the wire
     */
    record Details(int tag, String defaultExpression, ErrorRole error) {}

    int tag() {
        return details.tag();
    }

    String defaultExpression() {
        return details.defaultExpression();
    }

    ErrorRole error() {
        return details.error();
    }

    boolean isErrorCode() {
        return type instanceof FieldType.Primitive primitive
                && primitive.wireName().equals("ErrorCode");
    }

    boolean isListOfRecords() {
        return elementRecord() != null;
    }

    /** {@return the record that a list of records holds, null for any other field} */
    StructDeclaration elementRecord() {
        return type instanceof FieldType.Array array && array.element() instanceof FieldType.Structure structure
                ? structure.declaration()
                : null;
    }

    boolean defaultIsNull() {
        return defaultExpression().equals("null");
    }

    boolean isTagged() {
        return !tagged.isEmpty();
    }

    /** {@return the versions in which the field stands in its place among the others; only tagged ranges that end the field's own leave a range} */
    VersionRange untagged() {
        if (!isTagged()) {
            return present;
        }
        return tagged.min() > present.min() ? new VersionRange(present.min(), tagged.min() - 1) : VersionRange.NONE;
    }

    int minBytes(int version) {
        if (!untagged().contains(version)) {
            return 0;
        }
        boolean isCompact = compact.contains(version);
        if (nullable.contains(version) && type instanceof FieldType.Structure) {
            return 1;
        }
        return type.minBytes(isCompact, version);
    }

    Coverage nullability(VersionRange among) {
        return type.isReference() ? nullable.coverageOf(among) : Coverage.NEVER;
    }
}
