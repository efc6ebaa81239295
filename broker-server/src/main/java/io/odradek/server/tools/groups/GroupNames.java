package io.odradek.server.tools.groups;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Table;
import io.odradek.server.tools.Table.Column;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;

/** The names of groups, one a line, with their types and states where they are asked for. */
record GroupNames(KnownGroups known, Terminal terminal, boolean json) {
    private static final int GROUP_COLUMN = 25;
    private static final int OTHER_COLUMN = 20;
    private static final Map<String, GroupState> STATES = byName(
            List.of(
                    GroupState.PREPARING_REBALANCE,
                    GroupState.COMPLETING_REBALANCE,
                    GroupState.STABLE,
                    GroupState.DEAD,
                    GroupState.EMPTY,
                    GroupState.ASSIGNING,
                    GroupState.RECONCILING),
            GroupState::toString);
    private static final Map<String, GroupType> TYPES =
            byName(List.of(GroupType.CLASSIC, GroupType.CONSUMER), GroupType::toString);

    /**
     * Prints them, by their names.
     *
     * @param states those that are asked for, separated by commas; "" to show them; null if they do not matter
     * @param types the same for types
     */
    void print(String states, String types) throws Exception {
        List<GroupState> wantedStates = parse("state", states, STATES);
        List<GroupType> wantedTypes = parse("type", types, TYPES);
        List<GroupListing> groups = known.all().stream()
                .filter(group -> wantedStates.isEmpty()
                        || group.groupState().filter(wantedStates::contains).isPresent())
                .filter(group -> wantedTypes.isEmpty()
                        || group.type().filter(wantedTypes::contains).isPresent())
                .toList();
        if (json) {
            groups.forEach(group -> terminal.line(
                    Json.text(Json.object("group", group.groupId(), "type", type(group), "state", state(group)))));
        } else if (states == null && types == null) {
            groups.forEach(group -> terminal.line(group.groupId()));
        } else {
            printTable(groups, states != null, types != null);
        }
    }

    private void printTable(List<GroupListing> groups, boolean withStates, boolean withTypes) {
        // Ten more than Kafka's other tables leave for a name.
        int longest = groups.stream()
                .mapToInt(group -> group.groupId().length())
                .max()
                .orElse(0);
        List<Column> columns = new ArrayList<>();
        columns.add(Column.fixed("GROUP", Math.max(GROUP_COLUMN, longest + 10)));
        if (withTypes) {
            columns.add(Column.fixed("TYPE", OTHER_COLUMN));
        }
        if (withStates) {
            columns.add(Column.fixed("STATE", OTHER_COLUMN));
        }
        Table table = new Table(columns.toArray(Column[]::new));
        for (GroupListing group : groups) {
            List<String> cells = new ArrayList<>(List.of(group.groupId()));
            if (withTypes) {
                cells.add(type(group));
            }
            if (withStates) {
                cells.add(state(group));
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print(terminal);
    }

    private static String state(GroupListing group) {
        return group.groupState().map(GroupState::toString).orElse("");
    }

    private static String type(GroupListing group) {
        return group.type().map(GroupType::toString).orElse("");
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        return all.stream()
                .collect(Collectors.toMap(
                        each -> name.apply(each).toLowerCase(Locale.ROOT),
                        each -> each,
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    private static <T> List<T> parse(String what, String given, Map<String, T> known) {
        if (given == null || given.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(given.split(","))
                .map(name -> {
                    T found = known.get(name.strip().replace("_", "").toLowerCase(Locale.ROOT));
                    UsageException.when(
                            found == null,
                            "\"" + name.strip() + "\" is no " + what + " of a group: "
                                    + known.values().stream()
                                            .map(Object::toString)
                                            .collect(Collectors.joining(", ")));
                    return found;
                })
                .toList();
    }
}
