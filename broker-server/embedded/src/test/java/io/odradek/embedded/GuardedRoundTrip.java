package io.odradek.embedded;

import io.odradek.server.embedded.EmbeddedBroker;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** As {@link RoundTrip}, of a broker with TLS and logins: each argument is a mechanism. */
public final class GuardedRoundTrip {
    private GuardedRoundTrip() {}

    /** @throws Exception if a record did not go or come, or somebody was let in who should not be */
    public static void main(String[] mechanisms) throws Exception {
        for (String mechanism : mechanisms) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder().tls();
            if (mechanism.equals("OAUTHBEARER")) {
                builder.sasl(mechanism, "alice");
            } else {
                builder.sasl(mechanism, "alice", "her secret");
            }
            try (EmbeddedBroker broker = builder.start()) {
                Map<String, Object> client = broker.clientProperties();
                TreeSet<String> read = new TreeSet<>();
                RoundTrip.write(client, "none");
                RoundTrip.read(client, 1, read);
                System.out.println(mechanism + " over " + client.get("security.protocol") + " read " + read);
                client.remove("ssl.truststore.location");
                client.remove("ssl.truststore.password");
                refuse(client);
            }
        }
    }

    private static void refuse(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.listTopics().names().get();
        } catch (ExecutionException refused) {
            System.out.println("refused with " + refused.getCause().getClass().getSimpleName());
        }
    }
}
