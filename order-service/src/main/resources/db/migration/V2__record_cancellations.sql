-- A customer's wish that the order be undone, and what came of it; all null if there was none.
-- state: REQUESTED until a saga has answered. of: what would be undone, the FULFILMENT under way or the COMPLETED_ORDER.
-- reason: the customer's words. code, message: why it was refused.
alter table orders
    add column cancellation_state   text check (cancellation_state in ('REQUESTED', 'REFUSED', 'GRANTED')),
    add column cancellation_of      text check (cancellation_of in ('FULFILMENT', 'COMPLETED_ORDER')),
    add column cancellation_reason  text,
    add column cancellation_code    text,
    add column cancellation_message text,
    add check ((cancellation_state is null) = (cancellation_of is null)),
    add check ((cancellation_message is not null) = (cancellation_state is not distinct from 'REFUSED'));
