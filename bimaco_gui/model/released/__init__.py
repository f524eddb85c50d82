"""BiMaCoSR as its authors released it: their layers, their layout, their quirks, their key names.

The bundled model of `bimaco_gui.model` uses the same ideas in a smaller network; here every number
is the released network's, so that its weights give what its authors' code gives.
"""
