package io.odradek.server.errors;

import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** The errors of an answer of whatever API, wherever they are in it. */
final class Answers {
    private Answers() {}

    /** {@return all but NONE, in the order of the answer} */
    static List<ErrorCode> errors(ApiResponse answer) {
        List<ErrorCode> found = new ArrayList<>();
        gather(answer, found);
        return found;
    }

    private static void gather(Object value, List<ErrorCode> found) {
        if (value instanceof ErrorCode error && error != ErrorCode.NONE) {
            found.add(error);
        } else if (value instanceof List<?> list) {
            list.forEach(one -> gather(one, found));
        } else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                gather(component(record, component), found);
            }
        }
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
