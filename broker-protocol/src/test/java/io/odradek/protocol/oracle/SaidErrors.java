package io.odradek.protocol.oracle;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an answer says, as lines: one for the answer and one for each element with an error code, with all that stands in and
 * around it but the messages. The order of elements does not matter, nor do those that enclose none.
 */
final class SaidErrors {
    private final List<String> lines = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private ErrorCode ofItsOwn;

    private SaidErrors() {}

    static SaidErrors of(Object answer) throws ReflectiveOperationException {
        SaidErrors said = new SaidErrors();
        said.ofItsOwn = said.add(answer, "", true);
        return said;
    }

    SortedSet<String> withoutRepetition() {
        return new TreeSet<>(lines);
    }

    boolean repeats() {
        return withoutRepetition().size() < lines.size();
    }

    int elements() {
        return lines.size() - 1;
    }

    List<String> messages() {
        return messages;
    }

    ErrorCode ofItsOwn() {
        return ofItsOwn;
    }

    private ErrorCode add(Object record, String around, boolean isAnswer) throws ReflectiveOperationException {
        StringBuilder line = new StringBuilder(around);
        List<Object> elements = new ArrayList<>();
        ErrorCode error = null;
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(record);
            if (value instanceof List<?> list) {
                elements.addAll(list);
            } else if (component.getName().equals("errorMessage")) {
                addMessage((String) value);
            } else {
                error = value instanceof ErrorCode code ? code : error;
                line.append(component.getName()).append('=').append(text(value)).append(' ');
            }
        }
        if (isAnswer || error != null) {
            lines.add(line.toString());
        }
        for (Object element : elements) {
            add(element, line + "/ ", false);
        }
        return error;
    }

    private void addMessage(String message) {
        if (message != null && !message.isEmpty()) {
            messages.add(message);
        }
    }

    /** {@return the value; nothing for what is null or empty, of which Kafka and this broker do not always send the same} */
    private static String text(Object value) {
        boolean nothing = value == null || value instanceof BytesPayload payload && payload.sizeBytes() == 0;
        return nothing ? "" : String.valueOf(value);
    }
}
