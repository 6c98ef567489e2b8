package dev.rmb.twins;

import dev.rmb.protocol.identity.AccountId;

/** What a relay is asked on its public port; docs/twins.md, "Public look-ups". */
sealed interface Question {
    record ById(long id) implements Question {
        @Override
        public String path() {
            return "/twins/" + id;
        }

        @Override
        public boolean isAnsweredBy(Twin twin) {
            return twin.id() == id;
        }
    }

    record ByAccount(AccountId account) implements Question {
        @Override
        public String path() {
            return "/twins?account=" + account;
        }

        @Override
        public boolean isAnsweredBy(Twin twin) {
            return twin.account().equals(account);
        }
    }

    String path();

    /** Whether it is the twin that was asked for. */
    boolean isAnsweredBy(Twin twin);
}
