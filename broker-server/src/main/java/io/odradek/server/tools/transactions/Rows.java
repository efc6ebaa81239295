package io.odradek.server.tools.transactions;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Table;
import io.odradek.server.tools.Terminal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What is shown of transactions: a table with Kafka's headings, or a JSON object for each row. */
final class Rows {
    private final Terminal terminal;
    private final boolean json;
    private final List<String> headings;
    private final Table table;

    /** @param headings of Kafka's tool; fields of JSON are called so too, and begin with a small letter */
    Rows(Terminal terminal, boolean json, String... headings) {
        this.terminal = terminal;
        this.json = json;
        this.headings = List.of(headings);
        this.table = Table.ofTabs(headings);
    }

    /** Adds a row. @param values as many as there are headings; null for what is not there */
    void row(Object... values) {
        if (!json) {
            String[] cells = new String[values.length];
            for (int i = 0; i < values.length; i++) {
                cells[i] = cell(values[i]);
            }
            table.row(cells);
            return;
        }
        Map<String, Object> object = Json.object();
        for (int i = 0; i < values.length; i++) {
            object.put(field(headings.get(i)), value(values[i]));
        }
        terminal.line(Json.text(object));
    }

    /** Writes what has not been written. */
    void print() {
        if (!json) {
            table.print(terminal);
        }
    }

    private static String cell(Object value) {
        if (value instanceof Collection<?> many) {
            return many.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value == null ? "None" : value.toString();
    }

    private static Object value(Object value) {
        if (value instanceof Collection<?> many) {
            return many.stream().map(Rows::value).toList();
        }
        return value instanceof TopicPartition partition
                ? Json.object("topic", partition.topic(), "partition", partition.partition())
                : value;
    }

    private static String field(String heading) {
        String name = heading.replace("(min)", "Min");
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
