package io.odradek.server.tools.configs;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeUserScramCredentialsResult;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/** Tells of quotas, and of the credentials of users, as Kafka 3.9 does, or as JSON. */
record ClientsReport(Admin admin, Terminal terminal, boolean json) {
    void print(List<ClientPart> meant) throws Exception {
        Map<String, List<String>> lines = new TreeMap<>();
        quotas(meant).forEach((entity, quotas) -> lines.put(shown(entity), lines(entity, new TreeMap<>(quotas))));
        lines.values().forEach(each -> each.forEach(terminal::line));
        boolean ofUsers = meant.size() == 1 && meant.get(0).kind() == ClientPart.Kind.USERS;
        if (ofUsers && !meant.get(0).isDefault()) {
            printCredentials(meant.get(0));
        }
    }

    /** {@return the quotas of those that have just these parts} */
    Map<ClientQuotaEntity, Map<String, Double>> quotas(List<ClientPart> meant) throws Exception {
        return of(admin.describeClientQuotas(ClientQuotaFilter.containsOnly(
                        meant.stream().map(ClientPart::component).toList()))
                .entities());
    }

    private List<String> lines(ClientQuotaEntity entity, Map<String, Double> quotas) {
        if (!json) {
            return List.of("Quota configs for " + shown(entity) + " are "
                    + quotas.entrySet().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        List<String> lines = new ArrayList<>();
        quotas.forEach((name, value) -> {
            Map<String, Object> object = new LinkedHashMap<>();
            for (ClientPart.Kind kind : ClientPart.Kind.values()) {
                if (entity.entries().containsKey(kind.type())) {
                    object.put(kind.singular(), entity.entries().get(kind.type()));
                }
            }
            object.put("name", name);
            object.put("value", value);
            lines.add(Json.text(object));
        });
        return lines;
    }

    private static String shown(ClientQuotaEntity entity) {
        List<String> parts = new ArrayList<>();
        for (ClientPart.Kind kind : ClientPart.Kind.values()) {
            if (entity.entries().containsKey(kind.type())) {
                String name = entity.entries().get(kind.type());
                parts.add(name == null ? "the default " + kind.shown() : kind.shown() + " '" + name + "'");
            }
        }
        return String.join(", ", parts);
    }

    private void printCredentials(ClientPart user) throws Exception {
        DescribeUserScramCredentialsResult known =
                admin.describeUserScramCredentials(user.isOne() ? List.of(user.name()) : List.of());
        for (String name : of(known.users()).stream().sorted().toList()) {
            List<ScramCredentialInfo> credentials = of(known.description(name)).credentialInfos();
            if (!json) {
                terminal.line("SCRAM credential configs for user-principal '" + name + "' are "
                        + credentials.stream()
                                .map(each -> each.mechanism().mechanismName() + "=iterations=" + each.iterations())
                                .collect(Collectors.joining(", ")));
                continue;
            }
            for (ScramCredentialInfo each : credentials) {
                terminal.line(Json.text(Json.object(
                        "user", name, "name", each.mechanism().mechanismName(), "iterations", each.iterations())));
            }
        }
    }
}
