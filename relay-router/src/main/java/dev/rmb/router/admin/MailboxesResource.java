package dev.rmb.router.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.Partitioning;
import dev.rmb.cluster.members.Member;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Purged;
import dev.rmb.router.mailbox.MailView;
import dev.rmb.router.stream.OpenPartitions;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.Audited;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.server.peers.Caller;
import dev.rmb.server.peers.ClusterList;
import dev.rmb.server.peers.PeerAnswers;
import dev.rmb.server.peers.Peers;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/mailboxes}: what is stored for addresses that are away, or do not keep up. Seen as
 * the stores have it; messages in memory, those of the last moments, are not in them yet.
 */
@Path("/api/v1/mailboxes")
@Produces(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class MailboxesResource {
    private static final String PATH = "/api/v1/mailboxes";

    /** For one page, of all partitions of this pod together. */
    private static final Duration READING = Duration.ofSeconds(1);

    /** Less than what other pods wait. */
    private static final Duration PURGING = Duration.ofMillis(2_500);

    private static final ClusterList BY_TWIN = new ClusterList("mailboxes", MailboxJson::place);
    private static final ClusterList BY_DEPTH =
            new ClusterList("mailboxes", Ranking.Order.DEPTH::rankOf);
    private static final ClusterList BY_AGE =
            new ClusterList("mailboxes", Ranking.Order.AGE::rankOf);

    private static final ClusterList MESSAGES =
            new ClusterList("messages", m -> "%018d".formatted(m.path("place").asLong()));

    private final Optional<OpenPartitions> own;
    private final Optional<Ranking> ranking;
    private final int count;
    private final Peers peers;

    /**
     * @param own partitions of this pod, if it is a router
     * @param count of all partitions
     */
    public MailboxesResource(Optional<OpenPartitions> own, int count, Peers peers) {
        this.own = own;
        this.ranking = own.map(partitions -> new Ranking(partitions, peers.self()));
        this.count = count;
        this.peers = peers;
    }

    /**
     * @param order {@code twin}: as they lie in the stores; {@code depth}, {@code age}: the
     *     deepest, or those with the oldest message, first, as they were within the last ten
     *     seconds
     * @param local only those of this pod
     */
    @GET
    @Operation(summary = "What is stored for whom, in the order of twins, of depth or of age")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("order") @DefaultValue("twin") String order,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        PageRequest page = PageRequest.of(limit, cursor);
        return switch (order) {
            case "twin" -> page(BY_TWIN, page, order, byTwin(page), true, local, headers);
            case "depth" -> ranked(BY_DEPTH, Ranking.Order.DEPTH, page, order, local, headers);
            case "age" -> ranked(BY_AGE, Ranking.Order.AGE, page, order, local, headers);
            default -> throw ProblemException.badRequest("order is twin, depth or age");
        };
    }

    /** How much there is for one address: also if that is nothing. */
    @GET
    @Path("{id}")
    @Operation(summary = "How much is stored for an address")
    public ObjectNode byId(
            @PathParam("id") String id,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        Address address = MailboxId.parse(id);
        int partition = partition(address);
        Optional<MailView> mail = mail(partition);
        if (mail.isEmpty()) {
            return elsewhere("GET", id, "", local, headers).body();
        }
        return read(() -> mail.get().of(address))
                .map(found -> MailboxJson.write(peers.self(), partition, found))
                .orElseGet(() -> MailboxJson.empty(peers.self(), partition, address));
    }

    /** Headers of the messages, the oldest first; no payload. */
    @GET
    @Path("{id}/messages")
    @Operation(summary = "Headers of the messages in a mailbox, the oldest first")
    public ObjectNode messages(
            @PathParam("id") String id,
            @QueryParam("limit") @DefaultValue(PageRequest.DEFAULT_LIMIT) String limit,
            @QueryParam("cursor") @DefaultValue("") String cursor,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        Address address = MailboxId.parse(id);
        PageRequest page = PageRequest.of(limit, cursor);
        long from = page.place(0L, MailboxesResource::behind);
        Optional<MailView> mail = mail(partition(address));
        if (mail.isEmpty()) {
            return elsewhere("GET", id, "/messages?" + query(page), local, headers).body();
        }
        List<ObjectNode> found =
                read(() -> {
                    // Envelopes may be large: only their headers are kept.
                    List<ObjectNode> seen = new ArrayList<>();
                    MailExport.forEach(
                            mail.get(),
                            address,
                            from,
                            page.limit() + 1,
                            message -> seen.add(MailboxJson.header(message)));
                    return seen;
                });
        return MESSAGES.page(page, MESSAGES.part(found, page.limit()));
    }

    /**
     * All messages with their envelopes, as they come out of the store.
     *
     * @param format {@code jsonl}: a line of JSON each, the envelope in base 64; {@code raw}: each
     *     envelope behind its length, as {@code POST /envelopes} takes them
     */
    @GET
    @Path("{id}/export")
    @Needs(Role.ADMIN)
    @Audited
    @Produces({MailExport.LINES, MailExport.ENVELOPES})
    @Operation(summary = "All messages in a mailbox with their envelopes: format=jsonl or raw")
    public Response export(
            @PathParam("id") String id,
            @QueryParam("format") @DefaultValue("jsonl") String format,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        Address address = MailboxId.parse(id);
        MailExport.Format as = MailExport.format(format);
        Optional<MailView> mail = mail(partition(address));
        if (mail.isPresent()) {
            // The first of it now: as long as nothing is sent, it may be refused.
            List<MailView.Stored> first = read(() -> MailExport.first(mail.get(), address));
            return Response.ok(MailExport.of(mail.get(), address, first, as), as.type()).build();
        }
        String owner = elsewhere("GET", id, "", local, headers).pod();
        return MailExport.from(
                peers, Caller.of(headers), owner, PATH + "/" + id + "/export?format=" + format, as);
    }

    /**
     * Takes out what is stored by now, but for what is on its way to a client; requesters are told
     * that their messages will not be delivered.
     */
    @POST
    @Path("{id}/purge")
    @Needs(Role.OPERATOR)
    @Operation(summary = "Empties a mailbox; requesters are told")
    public ObjectNode purge(
            @PathParam("id") String id,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        Address address = MailboxId.parse(id);
        int partition = partition(address);
        Optional<CompletionStage<Optional<Purged>>> begun =
                own.flatMap(open -> open.purge(partition, address));
        if (begun.isEmpty()) {
            return elsewhere("POST", id, "/purge", local, headers).body();
        }
        Purged purged =
                await(begun.get())
                        .orElseThrow(() -> unavailable("too many mailboxes are being emptied"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", id);
        body.put("pod", peers.self());
        body.put("messages", purged.messages());
        body.put("bytes", purged.bytes());
        body.put("kept", purged.kept());
        return body;
    }

    /**
     * Has the twin looked up, and decides anew on all that is stored for it: it may live on another
     * relay by now.
     */
    @POST
    @Path("{id}/decide")
    @Needs(Role.OPERATOR)
    @Operation(summary = "Decides anew on the mail of a twin, which may live elsewhere by now")
    public Response decide(
            @PathParam("id") String id,
            @QueryParam("local") @DefaultValue("false") boolean local,
            @Context HttpHeaders headers) {
        Address address = MailboxId.parse(id);
        int partition = partition(address);
        if (own.isPresent() && own.get().decideAnew(partition, address.twin())) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("twin", address.twin());
            body.put("pod", peers.self());
            return Response.accepted(body).build();
        }
        return Response.accepted(elsewhere("POST", id, "/decide", local, headers).body()).build();
    }

    private record Owned(String pod, ObjectNode body) {}

    /** What the pod says that owns the mailbox. */
    private Owned elsewhere(
            String method, String id, String rest, boolean local, HttpHeaders headers) {
        if (local) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND,
                    "the partition of " + id + " is not open in this pod");
        }
        Caller caller = Caller.of(headers);
        String path = PATH + "/" + id + rest;
        PeerAnswers others =
                method.equals("POST")
                        ? peers.post(caller, Member.Role.ROUTER, path, null)
                        : peers.get(caller, Member.Role.ROUTER, path);
        for (PeerAnswers.Answer answer : others.given()) {
            if (answer.isSuccess() && answer.body() instanceof ObjectNode body) {
                return new Owned(answer.pod(), body);
            }
        }
        throw others.refusal(
                "no pod has the partition of " + id + " open at the moment; try again");
    }

    private ObjectNode ranked(
            ClusterList list,
            Ranking.Order by,
            PageRequest page,
            String order,
            boolean local,
            HttpHeaders headers) {
        // Also where there is no mail: what is no place here is none elsewhere.
        var _ = page.place("", MailboxJson::checkedRank);
        Ranking.Found found = ranking.map(own -> own.look(by, page)).orElse(Ranking.Found.NOTHING);
        return page(list, page, order, found.part(), found.isComplete(), local, headers);
    }

    private ObjectNode page(
            ClusterList list,
            PageRequest page,
            String order,
            ClusterList.Part part,
            boolean complete,
            boolean local,
            HttpHeaders headers) {
        PeerAnswers others =
                local
                        ? PeerAnswers.NONE
                        : peers.get(
                                Caller.of(headers),
                                Member.Role.ROUTER,
                                PATH + "?order=" + order + "&" + query(page));
        ObjectNode body = list.page(page, part, others);
        boolean allComplete =
                complete
                        && others.given().stream()
                                .allMatch(a -> a.body().path("complete").asBoolean(true));
        if (!allComplete) {
            // There was too much to be read in time.
            body.put("complete", false);
        }
        return body;
    }

    private ClusterList.Part byTwin(PageRequest page) {
        String after = page.place("", MailView::checked);
        if (own.isEmpty()) {
            return ClusterList.Part.NONE;
        }
        List<Reading> readings = new ArrayList<>();
        try {
            for (int partition : own.get().all()) {
                mail(partition).ifPresent(mail -> readings.add(new Reading(partition, mail)));
            }
            return read(() -> first(readings, after, page.limit()));
        } finally {
            readings.forEach(Reading::close);
        }
    }

    /** One partition's mailboxes, as far as they were read. */
    private static final class Reading implements AutoCloseable {
        final int partition;
        private final MailView mail;
        private MailView.@Nullable Walk walk;
        String place = "";
        MailView.@Nullable Filled mailbox;

        Reading(int partition, MailView mail) {
            this.partition = partition;
            this.mail = mail;
        }

        /** Whether there is one more mailbox. */
        boolean next(String after) {
            MailView.Walk present = walk;
            if (present == null) {
                present = mail.walk(after);
                walk = present;
            }
            MailView.Filled found = present.next();
            mailbox = found;
            place = found == null ? "" : found.place();
            return found != null;
        }

        @Override
        public void close() {
            if (walk != null) {
                walk.close();
            }
        }
    }

    /** The first mailboxes of all partitions: no more of them are read than are listed. */
    private ClusterList.Part first(List<Reading> readings, String after, int limit) {
        long deadline = System.nanoTime() + READING.toNanos();
        var heads = new PriorityQueue<Reading>(Comparator.comparing((Reading head) -> head.place));
        for (Reading reading : readings) {
            if (reading.next(after)) {
                heads.add(reading);
            }
        }
        List<ObjectNode> items = new ArrayList<>();
        Reading head;
        while ((head = heads.poll()) != null && head.mailbox != null) {
            items.add(MailboxJson.write(peers.self(), head.partition, head.mailbox));
            String place = head.place;
            if (head.next(after)) {
                heads.add(head);
            }
            if (!heads.isEmpty() && (items.size() == limit || isOver(deadline))) {
                return new ClusterList.Part(items, place);
            }
        }
        return new ClusterList.Part(items, null);
    }

    private static boolean isOver(long nanos) {
        return System.nanoTime() - nanos > 0;
    }

    private Optional<MailView> mail(int partition) {
        return own.flatMap(open -> open.mail(partition));
    }

    private int partition(Address address) {
        return Partitioning.partitionOf(address.twin(), count);
    }

    private static String query(PageRequest page) {
        return "limit="
                + page.limit()
                + "&cursor="
                + URLEncoder.encode(page.cursor(), StandardCharsets.UTF_8);
    }

    private static long behind(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("not a place in a mailbox");
        }
        return Long.parseLong(cursor) + 1;
    }

    private static <T> T read(Supplier<T> reading) {
        return OpenPartitions.read(reading)
                .orElseThrow(
                        () -> unavailable("the partition is moving to another pod; try again"));
    }

    private static Optional<Purged> await(CompletionStage<Optional<Purged>> begun) {
        try {
            return begun.toCompletableFuture().get(PURGING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("this router stops");
        } catch (ExecutionException | TimeoutException e) {
            throw unavailable("the mailbox is still being emptied, or its partition moved away");
        }
    }

    private static ProblemException unavailable(String detail) {
        return ProblemException.of(Response.Status.SERVICE_UNAVAILABLE, detail);
    }
}
