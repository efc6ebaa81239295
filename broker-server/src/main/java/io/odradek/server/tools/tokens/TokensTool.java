package io.odradek.server.tools.tokens;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.admin.DescribeDelegationTokenOptions;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.clients.admin.RenewDelegationTokenOptions;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes, renews, ends and shows delegation tokens; speaks like Kafka's {@code kafka-delegation-tokens}. */
@Command(
        description =
                "Makes tokens that others log in with as you, renews and ends them, and shows those there are. Who you are,"
                        + " --command-config says.",
        footer = {
            "  ${COMMAND-NAME} --create --max-life-time-period -1 --renewer-principal User:bob --command-config client.properties",
            "  ${COMMAND-NAME} --describe --owner-principal User:alice --command-config client.properties",
            "  ${COMMAND-NAME} --renew --renew-time-period -1 --hmac SECRET --command-config client.properties",
            "  ${COMMAND-NAME} --expire --expiry-time-period -1 --hmac SECRET --command-config client.properties"
        })
public final class TokensTool implements Tool {
    @Option(names = "--create", description = "make a token")
    private boolean create;

    @Option(names = "--renew", description = "have a token live longer")
    private boolean renew;

    @Option(names = "--expire", description = "have a token end, now or later")
    private boolean expire;

    @Option(names = "--describe", description = "show tokens")
    private boolean describe;

    @Mixin
    private Connection connection;

    @Option(names = "--owner-principal", paramLabel = "TYPE:NAME", description = "whose tokens")
    private List<String> owners = new ArrayList<>();

    @Option(names = "--renewer-principal", paramLabel = "TYPE:NAME", description = "who may renew it")
    private List<String> renewers = new ArrayList<>();

    @Option(
            names = "--max-life-time-period",
            paramLabel = "MS",
            description = "how long it lives at most; -1 for as long as the broker allows")
    private Long maxLifeTimeMs;

    @Option(names = "--renew-time-period", paramLabel = "MS", description = "for how long; -1 for the broker's default")
    private Long renewTimeMs;

    @Option(names = "--expiry-time-period", paramLabel = "MS", description = "when it ends; -1 for now")
    private Long expiryTimeMs;

    @Option(names = "--hmac", paramLabel = "SECRET", description = "which token, by its secret")
    private String hmac;

    /** Filled by picocli. */
    public TokensTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        check();
        List<KafkaPrincipal> whose = principals(owners);
        List<KafkaPrincipal> mayRenew = principals(renewers);
        byte[] secret = hmac == null ? null : secret();
        try (Admin admin = connection.open()) {
            if (create) {
                create(admin, terminal, whose, mayRenew);
            } else if (renew) {
                terminal.line(
                        "Calling renew token operation with hmac :" + hmac + " , renew-time-period :" + renewTimeMs);
                long until = of(admin.renewDelegationToken(
                                secret, new RenewDelegationTokenOptions().renewTimePeriodMs(renewTimeMs))
                        .expiryTimestamp());
                terminal.line("Completed renew operation. New expiry date : " + TokenTable.date(until));
            } else if (expire) {
                terminal.line(
                        "Calling expire token operation with hmac :" + hmac + " , expire-time-period :" + expiryTimeMs);
                long until = of(admin.expireDelegationToken(
                                secret, new ExpireDelegationTokenOptions().expiryTimePeriodMs(expiryTimeMs))
                        .expiryTimestamp());
                terminal.line("Completed expire operation. New expiry date : " + TokenTable.date(until));
            } else {
                describe(admin, terminal, whose);
            }
        }
        return DONE;
    }

    private void check() {
        int actions = (create ? 1 : 0) + (renew ? 1 : 0) + (expire ? 1 : 0) + (describe ? 1 : 0);
        UsageException.when(actions != 1, "Give exactly one of --create, --renew, --expire and --describe");
        UsageException.when(create && maxLifeTimeMs == null, "With --create, give --max-life-time-period");
        UsageException.when(
                renew && (hmac == null || renewTimeMs == null), "With --renew, give --hmac and --renew-time-period");
        UsageException.when(
                expire && (hmac == null || expiryTimeMs == null),
                "With --expire, give --hmac and --expiry-time-period");
        UsageException.when(
                !create && (maxLifeTimeMs != null || !renewers.isEmpty()),
                "--max-life-time-period and --renewer-principal go with --create");
        UsageException.when(create && owners.size() > 1, "A token has one --owner-principal");
        UsageException.when(
                (renew || expire) && !owners.isEmpty(), "--owner-principal goes with --create and --describe");
        UsageException.when(!renew && renewTimeMs != null, "--renew-time-period goes with --renew");
        UsageException.when(!expire && expiryTimeMs != null, "--expiry-time-period goes with --expire");
        UsageException.when(!renew && !expire && hmac != null, "--hmac goes with --renew and --expire");
    }

    private byte[] secret() {
        try {
            return Base64.getDecoder().decode(hmac);
        } catch (IllegalArgumentException broken) {
            throw new UsageException("--hmac is not what the tool shows as HMAC: it is no Base64");
        }
    }

    private static List<KafkaPrincipal> principals(List<String> given) {
        List<KafkaPrincipal> principals = new ArrayList<>();
        for (String each : given) {
            String principal = each.strip();
            int colon = principal.indexOf(':');
            UsageException.when(
                    colon < 1 || colon == principal.length() - 1,
                    "\"" + each + "\" is no principal: one is TYPE:NAME, as User:alice");
            principals.add(new KafkaPrincipal(principal.substring(0, colon), principal.substring(colon + 1)));
        }
        return principals;
    }

    private void create(Admin admin, Terminal terminal, List<KafkaPrincipal> whose, List<KafkaPrincipal> mayRenew)
            throws Exception {
        terminal.line("Calling create token operation with renewers :" + mayRenew + " , max-life-time-period :"
                + maxLifeTimeMs);
        CreateDelegationTokenOptions options =
                new CreateDelegationTokenOptions().maxLifetimeMs(maxLifeTimeMs).renewers(mayRenew);
        whose.forEach(options::owner);
        DelegationToken made = of(admin.createDelegationToken(options).delegationToken());
        terminal.line(
                "Created delegation token with tokenId : " + made.tokenInfo().tokenId());
        new TokenTable(terminal).print(List.of(made));
    }

    private static void describe(Admin admin, Terminal terminal, List<KafkaPrincipal> whose) throws Exception {
        terminal.line(
                whose.isEmpty()
                        ? "Calling describe token operation for current user."
                        : "Calling describe token operation for owners: " + whose);
        // Where nobody is named, all are shown that this user may see; of an empty list, which Kafka's tool sends,
        // there are none.
        List<DelegationToken> known = of(admin.describeDelegationToken(
                        new DescribeDelegationTokenOptions().owners(whose.isEmpty() ? null : whose))
                .delegationTokens());
        terminal.out().print("Total number of tokens : " + known.size());
        new TokenTable(terminal).print(known);
    }
}
