package io.odradek.server.tools.configs;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSynonym;

/** Tells of settings as Kafka 3.9 does, or as JSON. */
record SettingsReport(Admin admin, Terminal terminal, boolean all, boolean json) {
    void print(Entity meant) throws Exception {
        Settings settings = new Settings(admin);
        for (Entity entity : new KnownEntities(admin).meantBy(meant)) {
            List<ConfigEntry> entries = settings.of(entity, all);
            if (json) {
                entries.forEach(entry -> terminal.line(Json.text(object(entity, entry))));
                continue;
            }
            terminal.line(
                    entity.isDefault()
                            ? "Default configs for " + entity.kind().plural() + " in the cluster are:"
                            : (all ? "All" : "Dynamic") + " configs for "
                                    + entity.kind().singular() + " " + entity.name() + " are:");
            entries.forEach(entry -> terminal.line(line(entry)));
        }
    }

    private static String line(ConfigEntry entry) {
        String synonyms = entry.synonyms().stream()
                .map(each -> each.source() + ":" + each.name() + "=" + each.value())
                .collect(Collectors.joining(", ", "{", "}"));
        return "  " + entry.name() + "=" + entry.value() + " sensitive=" + entry.isSensitive() + " synonyms="
                + synonyms;
    }

    private static Map<String, Object> object(Entity entity, ConfigEntry entry) {
        List<Object> synonyms = new ArrayList<>();
        for (ConfigSynonym each : entry.synonyms()) {
            synonyms.add(Json.object("source", each.source().name(), "name", each.name(), "value", each.value()));
        }
        return Json.object(
                "entityType",
                entity.kind().singular(),
                "entityName",
                entity.isDefault() ? null : entity.name(),
                "name",
                entry.name(),
                "value",
                entry.value(),
                "source",
                entry.source().name(),
                "sensitive",
                entry.isSensitive(),
                "readOnly",
                entry.isReadOnly(),
                "type",
                entry.type().name().toLowerCase(Locale.ROOT),
                "synonyms",
                synonyms);
    }
}
