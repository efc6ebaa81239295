package io.odradek.server.tools.configs;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Changes settings, all that are named at once or none, and says so in Kafka's words. */
record SettingsChange(Admin admin, Terminal terminal) {
    /** Changes those of one. @param set the new ones @param unset those that are to be as if nobody had set them */
    void change(Entity entity, Map<String, String> set, List<String> unset) throws Exception {
        new KnownEntities(admin).meantBy(entity);
        check(entity, set, unset);
        List<AlterConfigOp> changes = new ArrayList<>();
        set.forEach((name, value) -> changes.add(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET)));
        unset.forEach(name -> changes.add(new AlterConfigOp(new ConfigEntry(name, ""), OpType.DELETE)));
        try {
            Answers.of(admin.incrementalAlterConfigs(Map.of(entity.resource(), changes))
                    .all());
        } catch (UnknownTopicOrPartitionException unknown) {
            throw new ToolException("There is no topic " + entity.name(), unknown);
        }
        terminal.line(
                entity.isDefault()
                        ? "Completed updating default config for "
                                + entity.kind().plural() + " in the cluster."
                        : "Completed updating config for " + entity.kind().singular() + " " + entity.name() + ".");
    }

    /** What is not set cannot be unset, nor a logger that there is not be given a level. */
    private void check(Entity entity, Map<String, String> set, List<String> unset) throws Exception {
        boolean loggers = entity.kind() == Entity.Kind.BROKER_LOGGERS;
        if (unset.isEmpty() && !loggers) {
            return;
        }
        Set<String> known = new Settings(admin)
                .of(entity, loggers).stream().map(ConfigEntry::name).collect(Collectors.toSet());
        List<String> named = new ArrayList<>(unset);
        if (loggers) {
            named.addAll(set.keySet());
        }
        List<String> wrong = unknown(named, known, loggers);
        if (!wrong.isEmpty()) {
            throw new ToolException((loggers ? "Invalid broker logger(s): " : "Invalid config(s): ")
                    + String.join(",", wrong)
                    + (loggers ? "" : ", which nobody has set"));
        }
    }

    /** {@return those that there are not} What is above a logger, as {@code io.odradek.core}, has a level, too. */
    static List<String> unknown(List<String> named, Set<String> known, boolean loggers) {
        return named.stream()
                .filter(name -> !known.contains(name))
                .filter(name -> !loggers || known.stream().noneMatch(logger -> logger.startsWith(name + ".")))
                .toList();
    }
}
