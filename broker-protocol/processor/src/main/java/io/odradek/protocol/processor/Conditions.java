package io.odradek.protocol.processor;

/** The Java expressions on {@code version} and {@code flexible} of one message's codec. */
record Conditions(MessageDeclaration message) {
    /** {@return the condition that the version is in the range} */
    String in(VersionRange range) {
        return range.conditionWithin(message.versions());
    }

    /** {@return whether the field's length is compact, for a method that has {@code flexible} as a local} */
    String compact(FieldDeclaration field, VersionRange among) {
        return switch (field.compact().coverageOf(among)) {
            case ALWAYS -> "true";
            case NEVER -> "false";
            case SOMETIMES ->
                field.compact().equals(message.flexible())
                        ? "flexible"
                        : field.compact().conditionWithin(among);
        };
    }

    /** Declares {@code flexible} where it is neither true nor false for all versions. */
    void declareFlexible(SourceText body) {
        if (flexibleVaries()) {
            body.line("boolean flexible = " + in(message.flexible()) + ";");
        }
    }

    boolean flexibleVaries() {
        return message.flexible().coverageOf(message.versions()) == VersionRange.Coverage.SOMETIMES;
    }

    boolean neverFlexible() {
        return message.flexible().isEmpty();
    }

    /** Opens a block that is entered in the versions of the range. */
    boolean open(SourceText body, VersionRange range) {
        if (range.coverageOf(message.versions()) == VersionRange.Coverage.ALWAYS) {
            return false;
        }
        body.line("if (" + in(range) + ") {");
        return true;
    }
}
