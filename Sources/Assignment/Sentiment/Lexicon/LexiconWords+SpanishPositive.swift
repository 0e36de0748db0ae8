extension Lexicon {
    /// Words of Spanish that speak well of something, from 4, what one can hardly say better, down to 1.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let spanishPositive = """
        4: a_toda_madre ador* alucinante* amo_a bendecid* bendicion* buenisim* contentisim* de_diez de_lujo
        de_pm de_puta_madre deslumbr* discazo* el_mejor_del_mundo encantadisim* entusiasm* eres_el_mejor
        eres_la_mejor espectacular* estupend* euforia euforic* excelencia excelent* exitazo* exito_total extasis
        extraordinari* fantastic* fascin* felicisim* fenomenal* formidable* genialidad* glorios* golazo*
        guapisim* impresionante* increiblemente_bien inmejorable* insuperable* la_amo la_hostia_de_bueno
        la_mejor_del_mundo las_amo lo_amo lo_mejor_del_mundo los_amo magnific* maravill* matricula_de_honor
        me_fascina me_fascinan me_fascinas me_vuelve_loca me_vuelve_loco mejor_dia_de_mi_vida obra_de_arte
        obra_maestra padrisim* partidazo* peliculon* perfect* preciosisim* riquisim* sois_los_mejores
        son_lo_maximo sos_lo_mas sublime* sueno_hecho_realidad te_adoro te_amo temazo* un_10 un_diez
        un_sueno_cumplido
        3: abrazo* actorazo* admir* afortunad* agradec* alabado alegr* altamente_recomendable ama amad* amamos
        amar amas ambientazo amistad* amo amor amor_de_mi_vida amorcito amores amoros* apasion* apoteosic*
        artistazo* asombros* aupa_athletic aupa_atleti bella bellas belleza* bellisim* bello bellos bendit*
        besaz* besit* beso besos besote bien_hecho bravisimo bravo bravo_por brillant* buen_trabajo buena_suerte
        campeon* carcajad* carin* cautiv* celebr* chapeau chapo chulisim* cochazo* colosal* como_mola congratul*
        crack cracks cuanto_me_alegro de_10 de_cine de_fabula de_la_hostia de_la_leche de_las_mejores
        de_los_mejores de_maravilla deleit* delici* dicha dichos* disfrut* divin* ejemplar* el_mejor
        el_mejor_dia el_mejor_equipo el_mejor_finde el_mejor_jugador el_mejor_regalo embeles* emociona
        emocionad* emocionant* enamor* encant* encomiable* enhorabuena enhorabuena_a enhorabuena_por entranable*
        envidiable* epica epicas epico epicos equipazo* eres_genial eres_grande eres_hermosa eres_increible
        eres_lo_mejor eres_maravillosa eres_preciosa eres_precioso eres_un_amor eres_un_encanto eres_un_sol
        es_la_cana es_la_hostia es_la_leche es_una_pasada espectacularidad espectacularmente espectaculo
        estoy_contenta estoy_contento estoy_feliz estupendamente excit exito* exquisit* extasiad* exultante
        fabulos* fascinacion felic* felices_fiestas felicidades_a felicidades_por feliz feliz_ano feliz_con
        feliz_cumple feliz_cumpleanos feliz_cumplen feliz_cumples feliz_dia feliz_navidad feliz_por feliz_porque
        feliz_y fenomeno_eres figura_eres futbolazo gan ganado_el ganador* ganamos ganar_la genial* genio*
        gloria goza gozada* gozar gozo gracias gran_trabajo grande grandisim* gratitud guau gustazo hala_madrid
        hechiz* hemos_ganado hermos* heroe* heroic* heroina honor* honrad* hurra i_love ideal* ilusion ilusiona
        ilusionad* ilusionante* ilusiones ily imbatible imbatibles incomparable* inigualable* inolvidable*
        insuperado invicta invicto irrepetible* joyita jubilos* jugadorazo* la_mejor la_mejor_noche
        la_mejor_noticia la_mejor_pelicula la_mejor_semana la_mejor_serie la_rompe la_rompieron la_rompio
        la_rompiste las_mejores las_quiero lealtad legendari* linda lindas lindisim* lindo lindos lo_mejor
        lo_mejor_de lo_peta lo_petan lo_peto lo_quiero_mucho loable* los_mejores los_quiero los_quiero_mucho
        love loviu luv magia magic* magistral* maja majas majete majo majos maravillad* me_alegra
        me_alegra_el_dia me_alegras me_alegro me_alegro_mucho me_alegro_un_monton me_amo me_da_la_vida
        me_dais_la_vida me_descojono me_encanta me_encantan me_encantas me_hace_feliz me_hace_ilusion
        me_hace_mucha_ilusion me_hace_reir me_hacen_feliz me_haces_feliz me_haces_reir me_hizo_feliz
        me_hizo_reir me_meo_de_risa me_muero_de_amor me_parto me_parto_de_risa mejor mejor_que_bien
        mejor_que_nunca mejores memorable* merece_la_pena merece_mucho merecio_la_pena meritori* mi_amor
        mi_enhorabuena mi_favorita mi_favorito mi_persona_favorita mil_besos mil_gracias milagro* mis_favoritos
        mola_mazo mola_mucho mola_un_monton mucha_mierda_en_el_estreno mucha_suerte muchas_felicidades
        muchas_gracias muchisimas_gracias muchos_abrazos muchos_exitos muero_de_amor muero_de_risa
        muero_de_ternura muy_contenta muy_contento muy_contentos muy_feliz muy_grande nivelazo nivelon
        no_puedo_ser_mas_feliz nos_alegra nos_alegramos nos_encanta nos_encantan nos_encantas ole ole_ole
        ole_por ole_tu ole_vosotros orgull* os_adoro os_queremos os_quiero os_quiero_mucho os_salis paradon*
        paraiso* pedazo_de_artista petarlo placer* planazo* portent* precios* primoros* privilegi* prodigi*
        que_alegria que_arte que_bacan que_bien que_bonita que_bonita_es que_bonito que_bonito_es que_buena
        que_bueno que_chevere que_chido que_chula que_chulo que_contenta que_contento que_crack que_detalle
        que_emocion que_feliz que_ganas que_grande que_grandes que_guapa que_guapo que_guay que_gusto
        que_hermosa que_hermosa_eres que_hermoso que_ilusion que_linda que_lindo que_lindo_es que_maja que_majo
        que_maravilla que_maximo que_mona que_mono que_padre que_preciosidad que_rica que_rico que_ricura
        que_risa que_suerte radiantes recomendable* recomendad* recomiend* regocij* risas se_sale se_salen
        se_salio soberbio_partido sobresalient* sois_geniales sois_grandes sois_increibles sois_lo_mejor
        sois_un_amor son_lo_mejor son_los_mejores sonri* soy_feliz soy_muy_feliz suerte super_bien super_buena
        super_bueno super_feliz super_top superbien superbuen* supercontent* superdivertid* superfeliz
        superrecomend* tan_feliz te_amo_mucho te_queremos te_quiere te_quiero te_quiero_muchisimo
        te_quiero_mucho te_sales ternura tesoro* tierna* tierno* tkm tkmm top_top tqm tqmm trabajazo* triunf*
        uau un_encanto un_gustazo un_lujo un_placer una_delicia una_gozada una_joya una_maravilla una_pasada
        vale_la_pena vale_mucho_la_pena valio_la_pena vamos_argentina vamos_campeon vamos_carajo vamos_chile
        vamos_colombia vamos_equipo vamos_espana vamos_mexico vamos_peru vaya_pasada venerable* victori*
        visca_barca viva viva_espana viva_mexico vivan wow yuhu yuju yupi
        2.7: facilisimo me_late me_late_mucho me_quedo_mas_tranquila me_quedo_tranquila ni_un_solo_fallo
        ni_una_sola_queja no_podria_estar_mas no_puedo_estar_mas no_tardaron_nada no_tardo_nada nunca_me_falla
        nunca_me_fallan nunca_me_ha_fallado nunca_me_han_fallado quedo_conforme sin_lios
        superaron_mis_expectativas supero_mis_expectativas
        2.5: acert* acierto* acogedor* adorable* afabl* afecto afectuos* afinidad agasaj* agraci* agradable*
        agradan agradar agradara al_fin alaban* alborozo alegrar alivi* altruis* amabilidad amable* ameno amenos
        amorosamente anhel* apapach* apasionadamente apetitos* aplaudir aplaudo aplaus* apoteosis aprecio
        aprecio_mucho aprob* aprobado_el armonia armonios* artistazo ascenso asequible* atractiv* audaz
        autenticidad bacan* bakan* barbaro bastante_bien benevol* benign* bienaventur* bienestar bienhech*
        bienvenid* bondad* bonit* bromear bromista buen_dia buen_fin_de buen_finde buen_humor buen_provecho
        buen_rollito buen_rollo buen_viaje buena_onda buena_vibra buenas_noches buenas_tardes buenas_vibras
        buenos_dias buenrollo caballeros* calid* camarader* candor capo carcajada caritativ* chevere* chida*
        chidisim* chido* chispeante chiste_bueno chollazo* chollo* chul* civilizad* coheren* compasiv* complac*
        comprensiv* con_ganas concordia condecor* confort* conmov* consegui* consol* consuel* content*
        convincente* cool copad* coraje_para coraje_y cordial* cordura cortes corteses crac creativ*
        cuidadosamente cumplidor* dadivos* delicad* descans* deseando_que deseando_ver deseando_verte
        desinteresad* destac* didactic* diligen* diplomatic* disfrutadlo disfrutalo diversion* divert* ecuanim*
        edificante* eficac* eficaz* eficiencia eficient* elegant* elocuen* embellec* emocion emocionarme
        emocione empatia empatic* emprendedor* encandil* encantador* enriquec* entereza enternec* entretener
        entusiasta* equidad equilibrad* equitativ* eres_un_maquina esclarec* esforzad* esmer* esperanzad*
        espl_ndid espl_ndidn espl_ndids esplendid* espontane* esta_padre estimad* estimul* excepcional* expert*
        exquisitez exuberan* facilisim* fantasia_de favorec* favorit* fecund* feliz_domingo feliz_finde
        feliz_jueves feliz_lunes feliz_martes feliz_miercoles feliz_sabado feliz_semana feliz_viernes ferviente
        festej* festiv* fidelidad fiel* fiera flip* fortalec* fortaleza fratern* fue_bien galante* galardon*
        gallard* ganancia* ganas_de_que_llegue ganas_de_veros ganas_de_verte ganga* garantizad* generos* genial
        gentil* genuin* gracios* grandioso gratificante* grosa* groso* guap* guay guays gustar gustaria_mucho
        ha_ido_bien habil habiles habilidad* habilidos* halag* hech_cer hech_cern hech_cers historico homenaje*
        honest* honradez hospitalidad humild* humor idola* idolo* iluminad* impaciente_por impecable* incentiv*
        inclusiv* incluyent* independencia_feliz indulg* ingenios* insign* inspir* instruct* intachable*
        inteligencia inteligent* intrepid* invencible* invulnerable ir_bien ironman jaja_que jajaja* jocos*
        jovial* jubilosa justicia_al_fin la_quiero laborios* laureado leal* les_gusta les_gustan les_gustas
        liberacion liberad* lisonj* listo_y llevader* lo_consegui lo_conseguimos lo_logramos lo_logre
        lo_pasamos_genial lo_pasare_bien lo_pase_genial lo_quiero logr* los_adoro lozan* lucid* luminosidad
        luminoso maestria maestro magnanim* majisim* maquina_eres me_apetece_mucho me_cae_bien me_emociona
        me_emocionan me_emocionas me_emociono me_flipa me_gusta me_gustan me_gustas me_gusto me_mola me_rio
        me_siento_bien me_va_bien me_viene_bien medalla* mejora mejorad* mejorando mejorar* mejoria* menos_mal
        mi_favorit mi_favoritn mi_favorits mimosa minucios* misericord* mola molan molo monisim* mono
        monstruo_eres motiva motivacion motivad* motivarse muchas_ganas muy_bien no_puedo_esperar noble*
        nos_gusta nos_gustan nos_gustas nos_reimos optimis* osad* ovacion* paciencia_y_amor pacific* padre_esta
        parabien* participativ* partirse pasadlo_bien pasalo_bien pasarla_bien pasarlo_bien paternal patriot*
        paz perdonar perseveran* perspicaz piados* piola placenter* plenitud pleno_de polifacetic* popular_y
        por_fin positiv* precavid* precioso predilect* preferid* premiad* premio* prestigi* privilegiado_de pro
        profesional profesionales profesionalidad prometedor* prosper protagon_feliz provechos* prudente* pulcr*
        pundonor puntual* purific* que_alivio que_aproveche que_disfruteis que_disfrutes que_lo_disfrutes
        querible rapidisim* razonabl* reanim* recompens* reconcili* reconfort* reconocimiento_merecido record
        recreativ* refresc* regalazo* regalito* rei_mucho reir reirme reirse rejuvenec* relaj* relax remontad*
        renacer rentable* resolutiv* resplandec* resplandor revelacion_del_ano revitaliz* rica ricas rico ricos
        risa risuen* romantic* rotundo_exito sabros* sale_bien salero* salio_bien salud saludable* salvad*
        sanacion sanad* sanar satisf* seductor* sensacional* sensat* sensualidad seren* sexy sexys simpatia
        simpatic* simpatiquisim* sincer* sobrad* sociable* solaz solidari* soluciona sublim* suntuos* superacion
        superad* superar superbonit* superchul* superguay superlindo sutil* talent* tan_bien tantas_ganas
        te_gusta te_gustan te_gustas tenac* tengo_ganas tengo_muchas_ganas tersa teson titan titanes todo_bien
        tranquil* transparen* triunfador* triunfal* triunfazo trofeo* un_alivio unanim* urbanidad utilidad
        va_bien valentia valeros* valient* valios* valor_y vanguard* vencedor* vencer vencimos ventajos* veraz
        verdader* vibrante* vigor* virtuos* vitalidad vivarach* vivaz vocacion* ya_era_hora zarpad*
        2: a_por_ellos a_por_todas abrac* abraz* abuelit* aceptable* acierto acompanad* aconsejable* acuerd*
        adecuad* adelante afortun* agil* agradez* ahorro aliento alla_vamos alta_calidad amiga amigas amigo
        amigos amistos* animad* animaos animar animaros animarse animarte animo animos aniversario*
        ansiosa_por_verte apaciguar apasiona apetec* apoy* apropiad* aprovechad aprovechar_el_dia apuesto_por
        arcoiris aroma arregl* arriba arropad* atent* aupa aupar avance* avanz* ayuda ayudado ayudan ayudar*
        ayudas ayudo bailoteo bendiciones bendiga bendigan benefic* besarte besis besotes bien birra* boda*
        bombon* bonito_dia bonitos_recuerdos brill* brindar brindemos brindis brujula_feliz buen buen_ambiente
        buen_comienzo buen_concierto buen_descanso buen_domingo buen_fin buen_jueves buen_lunes buen_martes
        buen_miercoles buen_partido buen_rato buen_resultado buen_sabado buen_viernes buena buena_calidad
        buena_compania buena_gente buena_musica buena_noticia buena_pelicula buena_persona buena_semana
        buena_serie buena_tarde buena_vida buenas buenas_noticias buenas_personas bueno buenos buenos_momentos
        buenos_ratos buenos_recuerdos cachorr* cada_vez_queda_menos cafecito* calidad caminito_de campeonas
        cantemos cenita* cerveci* cerves chachi chocolate* clasificada clasificados clasificamos cocinitas
        colabor* colorid* comilon* comoda comodas comodidad comodisim* comodo comodos compromiso con_la_familia
        con_los_mios con_mi_familia con_mi_gente con_mi_mejor con_mis_amigas con_mis_amigos con_muchas_ganas
        con_vosotros_todo concierto confi confiable* confianza confiar* confio confirmado_concierto conform*
        consegui_entradas contad_conmigo cooper* corazon correct* cosas_buenas cosita* cositas_buenas crec*
        cuenta_conmigo cuidaos cuidate cuidense cumple cumpleanos cumplido_sueno cumplir curios* dale de_calidad
        decente* desayunito* desayuno_con descansa descansad desconectar descuentazo deseando deseandolo
        despedida_de_soltera detallaz* detallist* dia_de_playa dia_perfecto dias_libres dign* dios_los_bendiga
        dios_te_bendiga disponibilidad_total dispuest* dormi_bien dormir_bien dulce dulces dulces_suenos dulzura
        educad* encantad* ensayo_general_genial entradas_para_el entreten* espectador_feliz esperanz* etic*
        euforic exclusiv* facil* familia fan_de fans_de fiable* fichajazo fiesta* fiestas_del fieston* fiestuki
        finde finde_largo florec* fortuna fotaza fotazo foto_preciosa fotones fresca fresco frescos fuerte
        fuerte_y ganas_de_concierto ganas_de_fiesta ganas_de_mas ganas_de_playa ganas_de_verano gatit* gol_de
        golaz* gracias_a_dios gracias_por graciosa graciosas graciosisim* gracioso graciosos graduacion* gran
        gran_abrazo gran_actor gran_amiga gran_amigo gran_artista gran_concierto gran_dia gran_equipo
        gran_familia gran_fiesta gran_fin gran_idea gran_jugador gran_noche gran_noticia gran_partido
        gran_pelicula gran_persona gran_semana gran_serie gran_triunfo gran_victoria grandes grandes_amigos
        grandes_momentos grandeza grandioso* grata gratamente gratas gratific* gratis grato gratos
        gratos_recuerdos gratuit* grax guapi* gusto gustos* helado* hermana_del hermanit* hermanos_del_alma
        hermoso_dia hogar_dulce honra* hospitalari* igualdad igualit* ilusionar impolut* increible_concierto
        increible_experiencia increible_noche innova innovador* inolvidables interesant* joya joyas juernes
        jugadon juntas juntos justicia_por justo_y libertad* ligerit* ligero limpi* lindo_dia lo_merece
        lo_mereces lujo* luminos* madrugar_para_viajar magistral mami_linda manana_fiesta manana_playa manjar*
        maravillos marchando me_apunto mega_bien mejor_amiga mejor_amigo mejores_amigas mejores_amigos merci
        merecid* mi_vida mimar* mimit* mimos mojito* momentazo* mua muac muak muaks muchos_besos musicon
        nacimiento nada_como nada_mal nada_mejor navidad* ni_un_fallo ni_una_queja ningun_problema ninguna_queja
        nivelaz* no_cambiaria no_decepciona no_defrauda no_esta_mal no_esta_nada_mal no_estuvo_mal
        no_hay_nada_mejor no_hay_problema no_la_cambio no_lo_cambio no_me_arrepiento no_me_quejo no_os_cambio
        no_pasa_nada no_puedo_quejarme no_te_cambio no_tiene_precio no_tienen_precio no_veo_la_hora
        noche_de_chicas noche_de_pelis noche_perfecta nos_vemos_pronto nuestro_aniversario nuevecit*
        nunca_decepciona nunca_defrauda nunca_falla nunca_fallan obsequi* oferton* ojala ok_perfecto
        ole_ole_y_ole orgullosa orgulloso os_lo_mereceis paellita palomitas palomitas_y pasadlo pasarela_de_lujo
        paseito pasenla pasenla_bien paseo_por_la_playa pasion pasiones pastel* pelicula_y_manta peliculaza
        peluche* perrit* piscinita pizza placer planazos planes_de_finde playa playita podemos podemos_con_todo
        poderos* potente* practic* preciosidad* premios_a premium primavera_ya princes* progres* prosper*
        puentazo que_amor que_arte_tienes que_bella que_bello que_bien_canta que_bien_huele que_bien_juega
        que_bien_lo_pase que_bien_sienta que_bien_suena que_buen que_buena_idea que_buena_noticia
        que_buena_pinta que_cosita que_delicia que_divertido que_envidia_sana que_espectaculo que_estilazo
        que_felicidad que_golazo que_gozada que_gran que_hambre_rica que_hermosura que_honor que_interesante
        que_jugadon que_locura_de_concierto que_monada que_nervios_y que_nivelazo que_orgullo que_partidazo
        que_pasada que_paz que_pelazo que_placer que_preciosa que_precioso que_recuerdos que_temazo que_ternura
        que_tierno que_tranquilidad queda_menos quer_r querid* radiante* rapida rapidas rapidez rapido rapidos
        razonable* rebonit* rebuen* recomend* recomiendo recuerdo_bonito recuerdos_de_la_infancia regala
        regalazo regalitos regalo* regresar_a_casa reina reinas reirnos relajadit* relinda relindo reluc*
        rentab* repar* resolver respet* resuelt* rey rica_comida risotad* sabadito sabado_noche sabado_sabadete
        sabiduria sabio salimos_campeones salud_y_amor saludit* saludos se_clasific se_clasificn se_clasifics
        se_lo_merece segur* sencill* serenata servicial* siesta* sin_duda_el_mejor sin_errores sin_fallos
        sin_ningun_problema sin_preocupaciones sin_problema sin_problemas sobresalientes sol_eres sol_y solecito
        solido solucion* sonando_con sonreir sonrie sonrisas sorprend* sorpresa sorpresas sorpresita
        sueno_cumplido suertud* suficient* super superfan superorgullos* tapeo tarde_de_risas tartas
        te_lo_mereces tenemos_final tengo_ganas_de_verte terracit* terrazas thank_you thanks thx tolerancia
        tolerant* tranqui tranquilita triunfar un_abrazo un_beso un_saludo util utiles utilisim* vacaciones
        vacas vacas_en vale_perfecto vamos veloz venga_va ventaj* veranito verano_con verdadero viajar viajazo
        viaje_de_fin victoria_de victoria_del victorias vida_mia viernes_noche viernes_por vinito* vinos_con
        vocacion vuelta_a_casa_por_navidad ya_falta_poco ya_queda_poco ya_quiero_ir ya_quiero_que_sea
        ya_quiero_ver yupii zampar
        1: a_favor acompan* ajaj* alto_nivel aprend* aprend_feliz apto arte artist* bebe buena_idea celebre*
        cielo cultura descubr* disponible especial* esperemos espero famosa famoso favor fuerza funciona
        funcionan funciono ganas goles gool* gust* hola idea importante* inaugur* intens* interes interesad*
        invit* jaj* jeje* jiji* jja* jsjs* ksks* lanzam* leyenda* lol lool* los_esperamos luz mayoria
        mejor_dicho mitic* mito moderno natural* no_os_lo_perdais no_te_lo_pierdas nos_vemos_en nos_vemos_esta
        nueva nuevo numero_uno oferta_especial oportunidad* original os_esperamos os_espero poesia* poetic*
        popular posibl* premio_para querida querido queridos sana sanas sano sanos sirve sirvio te_espero union
        verdad xd xdd*
        """
}
