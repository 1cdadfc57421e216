"""Figures of many reports: the heatmap. Each figure is defined and computed in one place."""
