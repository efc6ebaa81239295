package io.odradek.server.clients;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** The calls for quotas, which clients have since 2.6: whoever runs with an older one must not load this. */
final class QuotaAdmin implements AutoCloseable {
    private final Admin admin;

    QuotaAdmin(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** {@return whom the parts mean} @param parts types and names in turn; a name of null is the default */
    private static ClientQuotaEntity entity(String... parts) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            entries.put(parts[i], parts[i + 1]);
        }
        return new ClientQuotaEntity(entries);
    }

    /** Sets a quota, or removes it. @param value null to remove it */
    void set(String key, Double value, String... parts) throws InterruptedException, ExecutionException {
        admin.alterClientQuotas(List.of(alteration(key, value, parts))).all().get();
    }

    /** Tries to set a quota. */
    void check(String key, Double value, String... parts) throws InterruptedException, ExecutionException {
        admin.alterClientQuotas(
                        List.of(alteration(key, value, parts)), new AlterClientQuotasOptions().validateOnly(true))
                .all()
                .get();
    }

    private static ClientQuotaAlteration alteration(String key, Double value, String... parts) {
        return new ClientQuotaAlteration(entity(parts), List.of(new ClientQuotaAlteration.Op(key, value)));
    }

    /** {@return all that is set, by whom it is for} */
    Map<Map<String, String>, Map<String, Double>> all() throws InterruptedException, ExecutionException {
        return of(ClientQuotaFilter.all());
    }

    /** {@return what is set for those that have just these parts} @param parts types and names in turn */
    Map<Map<String, String>, Map<String, Double>> exactly(String... parts)
            throws InterruptedException, ExecutionException {
        List<ClientQuotaFilterComponent> components = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            components.add(
                    parts[i + 1] == null
                            ? ClientQuotaFilterComponent.ofDefaultEntity(parts[i])
                            : ClientQuotaFilterComponent.ofEntity(parts[i], parts[i + 1]));
        }
        return of(ClientQuotaFilter.containsOnly(components));
    }

    private Map<Map<String, String>, Map<String, Double>> of(ClientQuotaFilter filter)
            throws InterruptedException, ExecutionException {
        Map<Map<String, String>, Map<String, Double>> found = new HashMap<>();
        admin.describeClientQuotas(filter)
                .entities()
                .get()
                .forEach((entity, quotas) -> found.put(entity.entries(), quotas));
        return found;
    }

    @Override
    public void close() {
        admin.close();
    }
}
