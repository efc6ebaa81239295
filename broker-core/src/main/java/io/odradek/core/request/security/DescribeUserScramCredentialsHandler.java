package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest.UserName;
import io.odradek.protocol.api.DescribeUserScramCredentialsResponse;
import io.odradek.protocol.api.DescribeUserScramCredentialsResponse.CredentialInfo;
import io.odradek.protocol.api.DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * DescribeUserScramCredentials 0: which mechanisms users have credentials of, and of how many iterations. Null or nobody asks for
 * all that have one.
 *
 * <p>Errors of a user: RESOURCE_NOT_FOUND if it has none, DUPLICATE_RESOURCE if it is named twice.
 */
public final class DescribeUserScramCredentialsHandler implements RequestHandler<DescribeUserScramCredentialsRequest> {
    private final ClientConfigs clients;

    /** @param clients knows the users */
    public DescribeUserScramCredentialsHandler(ClientConfigs clients) {
        this.clients = clients;
    }

    @Override
    public void handle(DescribeUserScramCredentialsRequest request, RequestContext context) {
        List<DescribeUserScramCredentialsResult> results = new ArrayList<>();
        if (request.users() == null || request.users().isEmpty()) {
            clients.all().forEach((entity, settings) -> {
                List<CredentialInfo> known = credentials(entity, settings);
                if (!known.isEmpty()) {
                    results.add(new DescribeUserScramCredentialsResult(entity.user(), ErrorCode.NONE, null, known));
                }
            });
        } else {
            Map<String, Integer> wanted = new LinkedHashMap<>();
            for (UserName user : request.users()) {
                wanted.merge(user.name(), 1, Integer::sum);
            }
            wanted.forEach((user, times) -> results.add(describe(user, times)));
        }
        context.respond(new DescribeUserScramCredentialsResponse(ErrorCode.NONE, null, results));
    }

    private DescribeUserScramCredentialsResult describe(String user, int times) {
        if (times > 1) {
            return failed(
                    user,
                    ErrorCode.DUPLICATE_RESOURCE,
                    "Cannot describe SCRAM credentials for the same user twice in a single request: "
                            + Quoted.text(user));
        }
        ClientEntity entity = ClientEntity.ofUser(user);
        List<CredentialInfo> known = credentials(entity, clients.of(entity));
        return known.isEmpty()
                ? failed(
                        user,
                        ErrorCode.RESOURCE_NOT_FOUND,
                        user.isEmpty()
                                ? "Username must not be empty"
                                : "Attempt to describe a user credential that does not exist: " + Quoted.text(user))
                : new DescribeUserScramCredentialsResult(user, ErrorCode.NONE, null, known);
    }

    private static DescribeUserScramCredentialsResult failed(String user, ErrorCode error, String message) {
        return new DescribeUserScramCredentialsResult(user, error, message, List.of());
    }

    private static List<CredentialInfo> credentials(ClientEntity entity, SortedMap<String, String> settings) {
        List<CredentialInfo> known = new ArrayList<>();
        boolean isUser = entity.user() != null
                && entity.clientId() == null
                && !entity.user().equals(ClientEntity.DEFAULT);
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            String text = isUser ? settings.get(mechanism.mechanismName()) : null;
            if (text != null) {
                known.add(new CredentialInfo(mechanism.type(), iterations(text)));
            }
        }
        return known;
    }

    /** One that cannot be used is there all the same. */
    private static int iterations(String text) {
        try {
            return ScramCredential.decode(text).iterations();
        } catch (IllegalArgumentException unusable) {
            return 0;
        }
    }
}
