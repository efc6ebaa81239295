package io.odradek.server.tools.configs;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** Changes quotas, or the credentials of a user, and says so in Kafka's words. */
record ClientsChange(Admin admin, Terminal terminal) {
    private static final int ITERATIONS = 4096;
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?:iterations=([0-9]{1,9}),)?password=(.*)", Pattern.DOTALL);

    /** Changes those of one. @param set the new ones @param unset those that are to be no longer */
    void change(List<ClientPart> meant, Map<String, String> set, List<String> unset) throws Exception {
        List<String> named = new ArrayList<>(set.keySet());
        named.addAll(unset);
        long credentials = named.stream().filter(ClientsChange::isCredential).count();
        if (credentials > 0) {
            boolean ofUser = meant.size() == 1 && meant.get(0).kind() == ClientPart.Kind.USERS;
            UsageException.when(
                    !ofUser || meant.get(0).isDefault(), "Credentials of SCRAM are of one user, and of nobody else");
            UsageException.when(
                    credentials < named.size(), "Change credentials of SCRAM and quotas one after the other");
            changeCredentials(meant.get(0).name(), set, unset);
        } else {
            changeQuotas(meant, set, unset);
        }
        ClientPart first = meant.get(0);
        terminal.line(
                first.isDefault()
                        ? "Completed updating default config for "
                                + first.kind().plural() + " in the cluster."
                        : "Completed updating config for " + first.kind().singular() + " " + first.name() + ".");
    }

    private static boolean isCredential(String name) {
        return ScramMechanism.fromMechanismName(name) != ScramMechanism.UNKNOWN;
    }

    private void changeQuotas(List<ClientPart> meant, Map<String, String> set, List<String> unset) throws Exception {
        Map<String, String> parts = new HashMap<>();
        meant.forEach(part -> parts.put(part.kind().type(), part.isDefault() ? null : part.name()));
        ClientQuotaEntity entity = new ClientQuotaEntity(parts);
        if (!unset.isEmpty()) {
            Map<String, Double> known =
                    new ClientsReport(admin, terminal, false).quotas(meant).getOrDefault(entity, Map.of());
            List<String> wrong =
                    unset.stream().filter(name -> !known.containsKey(name)).toList();
            if (!wrong.isEmpty()) {
                throw new ToolException("Invalid config(s): " + String.join(",", wrong) + ", which nobody has set");
            }
        }
        List<ClientQuotaAlteration.Op> changes = new ArrayList<>();
        set.forEach((name, value) -> changes.add(new ClientQuotaAlteration.Op(name, number(name, value))));
        unset.forEach(name -> changes.add(new ClientQuotaAlteration.Op(name, null)));
        of(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, changes)))
                .all());
    }

    private static Double number(String name, String value) {
        try {
            return Double.valueOf(value);
        } catch (NumberFormatException none) {
            throw new ToolException("Cannot parse quota configuration value for " + name + ": " + value);
        }
    }

    private void changeCredentials(String user, Map<String, String> set, List<String> unset) throws Exception {
        List<UserScramCredentialAlteration> changes = new ArrayList<>();
        unset.forEach(
                name -> changes.add(new UserScramCredentialDeletion(user, ScramMechanism.fromMechanismName(name))));
        set.forEach((name, value) -> {
            Matcher credential = CREDENTIAL.matcher(value);
            // The value stays untold: it is, or was to be, a password.
            UsageException.when(
                    !credential.matches() || credential.group(2).isEmpty(),
                    name + " is to be [password=...] or [iterations=...,password=...]");
            int iterations = credential.group(1) == null ? ITERATIONS : Integer.parseInt(credential.group(1));
            changes.add(new UserScramCredentialUpsertion(
                    user,
                    new ScramCredentialInfo(ScramMechanism.fromMechanismName(name), iterations),
                    credential.group(2)));
        });
        of(admin.alterUserScramCredentials(changes).all());
    }
}
