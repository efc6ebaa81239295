package io.odradek.server.tools.configs;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.ToolException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads settings. */
record Settings(Admin admin) {
    /**
     * {@return the settings of one, by their names}
     *
     * @param all whether those that nobody has set for it are among them
     */
    List<ConfigEntry> of(Entity entity, boolean all) throws Exception {
        try {
            return settings(entity).stream()
                    .filter(entry -> all || entity.has(entry.source()))
                    .sorted(Comparator.comparing(ConfigEntry::name))
                    .toList();
        } catch (UnknownTopicOrPartitionException unknown) {
            throw new ToolException("There is no topic " + entity.name(), unknown);
        }
    }

    private Collection<ConfigEntry> settings(Entity entity) throws Exception {
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true);
        return Answers.of(admin.describeConfigs(List.of(entity.resource()), options)
                        .values()
                        .get(entity.resource()))
                .entries();
    }
}
