"""A withdrawn permission becomes holds, withdrawals and notices."""
