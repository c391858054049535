"""Official documents laid out by Decree 30/2020/NĐ-CP: a small model, and two writers that set the same words."""
