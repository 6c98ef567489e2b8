package dev.rmb.server.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.admin.ProblemException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What other pods answered.
 *
 * @param given in no particular order
 * @param missing those that gave no answer that could be used
 */
public record PeerAnswers(List<Answer> given, List<Missing> missing) {
    /** Nobody was asked. */
    public static final PeerAnswers NONE = new PeerAnswers(List.of(), List.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SUCCESS = 2;
    private static final int NOT_FOUND = 404;

    /**
     * One pod's answer.
     *
     * @param body {@code null} as JSON if there is none
     */
    public record Answer(String pod, int status, JsonNode body) {
        public boolean isSuccess() {
            return status / 100 == SUCCESS;
        }

        private String refusal() {
            String detail = body.path("detail").asText("");
            return "it answered " + status + (detail.isEmpty() ? "" : ": " + detail);
        }
    }

    /**
     * A pod without an answer.
     *
     * @param reason for operators
     */
    public record Missing(String pod, String reason) {}

    public PeerAnswers {
        given = List.copyOf(given);
        missing = List.copyOf(missing);
    }

    /**
     * Why nobody answered as was hoped: what somebody said who was right to refuse, or who did not
     * answer.
     *
     * @param otherwise if all that answered only had nothing to do with it
     */
    public ProblemException refusal(String otherwise) {
        for (Answer answer : given) {
            if (!answer.isSuccess() && answer.status() != NOT_FOUND) {
                Response.Status status = Response.Status.fromStatusCode(answer.status());
                return ProblemException.of(
                        status == null ? Response.Status.BAD_GATEWAY : status,
                        answer.pod() + ": " + answer.body().path("detail").asText("it refused"));
            }
        }
        String silent =
                missing.isEmpty()
                        ? ""
                        : "; no answer came from "
                                + String.join(", ", missing.stream().map(Missing::pod).toList());
        return ProblemException.of(Response.Status.SERVICE_UNAVAILABLE, otherwise + silent);
    }

    /** Why that pod refused, in its own words where it has any. */
    public static ProblemException refusal(String pod, int status, byte[] problem) {
        JsonNode body;
        try {
            body = JSON.readTree(problem);
        } catch (IOException e) {
            body = NullNode.getInstance();
        }
        return new PeerAnswers(List.of(new Answer(pod, status, body)), List.of())
                .refusal(pod + " cannot do it at the moment; try again");
    }

    /**
     * Those that did it, or have nothing to do with it (404); who refused for another reason is
     * missing.
     */
    public PeerAnswers known() {
        return keep(answer -> answer.isSuccess() || answer.status() == NOT_FOUND);
    }

    /** Those that gave a list of that name; all others are missing. */
    public PeerAnswers with(String list) {
        return keep(answer -> answer.isSuccess() && answer.body().path(list).isArray());
    }

    private PeerAnswers keep(Predicate<Answer> isUseful) {
        List<Answer> useful = new ArrayList<>();
        List<Missing> without = new ArrayList<>(missing);
        for (Answer answer : given) {
            if (isUseful.test(answer)) {
                useful.add(answer);
            } else {
                without.add(new Missing(answer.pod(), answer.refusal()));
            }
        }
        return new PeerAnswers(useful, without);
    }

    /** Says in an answer of one's own of whom it knows nothing; nothing if that is nobody. */
    public void tellMissing(ObjectNode body) {
        if (!missing.isEmpty()) {
            ArrayNode list = body.putArray("missing");
            missing.forEach(m -> list.addObject().put("pod", m.pod()).put("reason", m.reason()));
        }
    }
}
